package io.cotidal.feeds.job;

import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of several values, so that no two lists of values run together. */
final class Digest {
  /** Digests are shown; a password behind one must cost something to guess. */
  private static final int ROUNDS = 20_000;

  private Digest() {}

  /** 64 lower-case hexadecimal digits. */
  static String of(Object... values) {
    StringBuilder whole = new StringBuilder();
    for (Object value : values) {
      String text = value.toString();
      whole.append(text.length()).append(':').append(text).append(',');
    }
    return HexFormat.of().formatHex(sha256(whole.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** The same for a password of {@code subject}. */
  static String of(Subject subject, Secret secret) {
    if (secret.reveal().isEmpty()) {
      return "";
    }
    byte[] bytes = (subject.key() + "\0" + secret.reveal()).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < ROUNDS; i++) {
      bytes = sha256(bytes);
    }
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
