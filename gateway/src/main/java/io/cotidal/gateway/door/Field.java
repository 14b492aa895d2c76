package io.cotidal.gateway.door;

/**
 * A header field as it came: its name in the case of who sent it, its value without outer space.
 */
public record Field(String name, String value) {
  /** Whether that is its name, in any case. */
  public boolean is(String wanted) {
    return name.equalsIgnoreCase(wanted);
  }

  @Override
  public String toString() {
    return name;
  }
}
