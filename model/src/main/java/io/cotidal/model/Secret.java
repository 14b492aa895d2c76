package io.cotidal.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that must not be shown: it prints as {@code ***} wherever it ends up by mistake. */
public final class Secret {
  private final String value;

  /** Holds {@code value}. */
  public Secret(String value) {
    this.value = value;
  }

  /** The value itself, for the one call that hands it over. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "***";
  }
}
