package io.cotidal.directory.ldap;

/** A server's text as a message may quote it. */
public final class Printable {
  private static final int LONGEST = 300;

  private Printable() {}

  /** Short, and on one line. */
  public static String of(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
