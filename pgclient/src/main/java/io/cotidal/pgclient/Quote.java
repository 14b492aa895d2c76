package io.cotidal.pgclient;

/**
 * The one place where names and values get their quotes, for each language that PostgreSQL reads.
 */
public final class Quote {
  private Quote() {}

  /**
   * A name in SQL, always quoted.
   *
   * @throws IllegalArgumentException if it is empty or holds a zero byte
   */
  public static String identifier(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an empty name cannot be quoted");
    }
    return '"' + clean(name).replace("\"", "\"\"") + '"';
  }

  /** A text value in SQL, right whatever {@code standard_conforming_strings} says. */
  public static String literal(String value) {
    String doubled = clean(value).replace("'", "''");
    return value.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }

  /** A value in a configuration file of the server; one line. */
  public static String setting(String value) {
    String clean = clean(value);
    if (clean.indexOf('\n') >= 0 || clean.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a setting's value cannot hold a line break");
    }
    return "'" + clean.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A value in a connection string. */
  public static String conninfo(String value) {
    return "'" + clean(value).replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A field of a password file. */
  public static String passwordField(String value) {
    String clean = clean(value);
    if (clean.indexOf('\n') >= 0 || clean.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a password file's field cannot hold a line break");
    }
    return clean.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static String clean(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a zero byte cannot be quoted");
    }
    return value;
  }
}
