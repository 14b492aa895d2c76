package io.cotidal.app.config;

/**
 * Where a value was written.
 *
 * @param text {@code cotidal.yaml:3}, {@code environment COT_LISTEN}, {@code flag --listen} or
 *     {@code default}
 * @param line the file's line; 0 if it is not in the file, or the file as a whole
 */
record Place(String text, int line) {
  static final Place DEFAULT = new Place("default", 0);

  static Place file(String file) {
    return new Place(file, 0);
  }

  static Place line(String file, int line) {
    return new Place(file + ":" + line, line);
  }

  static Place environment(String name) {
    return new Place("environment " + name, 0);
  }

  static Place flag(String name) {
    return new Place("flag --" + name, 0);
  }

  @Override
  public String toString() {
    return text;
  }
}
