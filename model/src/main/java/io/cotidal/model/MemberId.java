package io.cotidal.model;

/** One real server or site of a resource, by its name in the configuration. */
public record MemberId(String name) implements Comparable<MemberId> {
  /** Checks the name against {@link Names}. */
  public MemberId {
    Names.check("member name", name);
  }

  @Override
  public int compareTo(MemberId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
