package io.cotidal.model;

/**
 * A member as a source found it.
 *
 * @param id its name
 * @param attributes what else the source says of it, in the words of the kind that reads it: {@link
 *     #HOST}, {@link #PORT}, labels
 */
public record Found(MemberId id, Details attributes) {
  /** Attribute: name or address under which it is reached. */
  public static final String HOST = "host";

  /** Attribute: its port, in decimal digits; absent for the usual one. */
  public static final String PORT = "port";

  /** A member of which the source says nothing but the name. */
  public static Found named(MemberId id) {
    return new Found(id, Details.NONE);
  }
}
