package io.cotidal.server.http;

/**
 * A part of the query, or a header, that a route understands. A query with any other part is
 * refused.
 *
 * @param in where it stands
 * @param type what texts it accepts
 * @param summary one sentence
 */
public record Parameter(String name, In in, Type type, String summary) {
  /** Where it stands. */
  public enum In {
    /** In the query. */
    QUERY,
    /** In the header. */
    HEADER
  }

  /** What texts it accepts. */
  public enum Type {
    /** Any text. */
    TEXT,
    /** A decimal number, 0 or above. */
    NUMBER,
    /** {@code true} or {@code false}. */
    FLAG
  }

  /** A part of the query. */
  public static Parameter query(String name, Type type, String summary) {
    return new Parameter(name, In.QUERY, type, summary);
  }

  /** A header. */
  public static Parameter header(String name, String summary) {
    return new Parameter(name, In.HEADER, Type.TEXT, summary);
  }
}
