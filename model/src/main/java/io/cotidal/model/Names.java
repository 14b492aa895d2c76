package io.cotidal.model;

import java.util.regex.Pattern;

/**
 * The one grammar for names that reach a path, an argument vector, SQL or a URL: a lower-case
 * letter or digit, then up to 62 lower-case letters, digits, dots, underscores or hyphens.
 */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  private Names() {}

  /** Whether {@code name} fits the grammar. */
  public static boolean valid(String name) {
    return NAME.matcher(name).matches() && !name.contains("..");
  }

  /**
   * The name itself.
   *
   * @throws IllegalArgumentException naming {@code what} and the grammar, if the name does not fit
   *     it
   */
  public static String check(String what, String name) {
    if (!valid(name)) {
      throw new IllegalArgumentException(
          what + " '" + name + "': use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    return name;
  }
}
