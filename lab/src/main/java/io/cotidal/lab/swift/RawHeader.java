package io.cotidal.lab.swift;

/**
 * A header as it is on the wire.
 *
 * @param name in the case in which it is sent
 * @param value without the blanks around it
 */
public record RawHeader(String name, String value) {
  /** One header. */
  public static RawHeader of(String name, String value) {
    return new RawHeader(name, value);
  }
}
