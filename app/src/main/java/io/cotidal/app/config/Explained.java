package io.cotidal.app.config;

/**
 * One value that is in force.
 *
 * @param path the key, dots between its parts
 * @param value as written; a secret as {@code ***} with its reference
 * @param origin file and line, variable, flag, or {@code default}
 */
public record Explained(String path, String value, String origin) {
  @Override
  public String toString() {
    return path + " = " + value + "  # " + origin;
  }
}
