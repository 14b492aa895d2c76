package io.cotidal.app.config;

/**
 * One fault of a configuration. Prints as one line.
 *
 * @param place file and line, or the variable or flag
 * @param path the key, dots between its parts; empty if the fault is the whole file's
 * @param reason what is wrong
 * @param remedy what to do
 */
public record Problem(String place, String path, String reason, String remedy) {
  @Override
  public String toString() {
    return place + ": " + (path.isEmpty() ? "" : path + ": ") + reason + "; " + remedy;
  }
}
