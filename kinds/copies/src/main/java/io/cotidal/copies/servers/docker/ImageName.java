package io.cotidal.copies.servers.docker;

import java.util.regex.Pattern;

/**
 * Name of an image as people write it, for example {@code mariadb:10.11}.
 *
 * @param text the name; fit for a URL as it is
 */
public record ImageName(String text) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "[a-zA-Z0-9][a-zA-Z0-9_.-]*(:[0-9]{1,5}(?=/))?(/[a-z0-9][a-z0-9_.-]*)*"
              + "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

  /**
   * Checks the grammar.
   *
   * @throws IllegalArgumentException if it is no name of an image
   */
  public ImageName {
    if (text.length() > 300 || text.contains("..") || !GRAMMAR.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + Answer.oneLine(text) + "' is no name of an image: write it like mariadb:10.11");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
