package io.cotidal.model;

/**
 * Who wanted something.
 *
 * @param name an operator's or a token's name, or {@code cotidal} for the control plane itself
 */
public record Actor(String name) {
  /** The control plane, acting on its own plan. */
  public static final Actor COTIDAL = new Actor("cotidal");

  @Override
  public String toString() {
    return name;
  }
}
