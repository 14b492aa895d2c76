package io.cotidal.app.config;

/**
 * One value that is in force.
 *
 * @param path the key, dots between its parts
 * @param value as written; a secret as {@code ***} with its reference
 * @param origin file and line, variable, flag, or {@code default}
 */
public record Explained(String path, String value, String origin) {
  /** Whether it stands in the file; else nobody wrote it there. */
  public boolean fromFile() {
    return !origin.equals("default")
        && !origin.startsWith("environment ")
        && !origin.startsWith("flag ");
  }

  @Override
  public String toString() {
    return path + " = " + value + "  # " + origin;
  }
}
