package io.cotidal.server.access;

import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** A name and a password as HTTP Basic carries them. */
public record BasicLogin(String user, Secret password) {
  private static final String PREFIX = "basic ";
  private static final int LONGEST = 1024;

  /**
   * Reads it.
   *
   * @param header the value of {@code Authorization}
   * @return empty if it is none
   */
  public static Optional<BasicLogin> of(String header) {
    if (header.length() > LONGEST || !header.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(header.substring(PREFIX.length()).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              new BasicLogin(text.substring(0, colon), new Secret(text.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
