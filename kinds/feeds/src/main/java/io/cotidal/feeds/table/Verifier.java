package io.cotidal.feeds.table;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What PostgreSQL keeps of a password: enough to know who has it, and no way back to it. A server
 * takes it in place of the password, and its log then shows nothing that anybody could log in with.
 *
 * @param salt as Base64
 * @param stored SHA-256 of the client's key
 * @param server the server's key
 */
record Verifier(int iterations, String salt, String stored, String server) {
  /** As many as PostgreSQL takes by itself. */
  private static final int ITERATIONS = 4096;

  private static final int KEY = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "SCRAM-SHA-256\\$([1-9][0-9]{0,8}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");
  private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

  /** A fresh one. */
  static Verifier of(String password, byte[] salt) {
    return of(password, ITERATIONS, salt);
  }

  private static Verifier of(String password, int iterations, byte[] salt) {
    try {
      String prepared = Passwords.prepared(password);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(prepared.toCharArray(), salt, iterations, KEY * Byte.SIZE))
              .getEncoded();
      byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      Base64.Encoder base64 = Base64.getEncoder();
      return new Verifier(
          iterations,
          base64.encodeToString(salt),
          base64.encodeToString(stored),
          base64.encodeToString(hmac(salted, "Server Key")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As the server keeps it. */
  String sql() {
    return "SCRAM-SHA-256$" + iterations + ":" + salt + "$" + stored + ":" + server;
  }

  /** Whether a server takes {@code text} as it is, for it is no password any more. */
  static boolean already(String text) {
    return MD5.matcher(text).matches() || read(text).isPresent();
  }

  private static Optional<Verifier> read(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      boolean whole =
          base64.decode(form.group(2)).length > 0
              && base64.decode(form.group(3)).length == KEY
              && base64.decode(form.group(4)).length == KEY;
      return whole
          ? Optional.of(
              new Verifier(
                  Integer.parseInt(form.group(1)), form.group(2), form.group(3), form.group(4)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // No Base64: a server takes such a text for a password.
      return Optional.empty();
    }
  }

  /** Whether what the server keeps of {@code role} is of that password, or is that verifier. */
  static boolean holds(String kept, String role, String wanted) {
    if (already(wanted)) {
      return kept.equals(wanted);
    }
    if (MD5.matcher(kept).matches()) {
      return kept.equals("md5" + md5(wanted + role));
    }
    return read(kept)
        .map(one -> of(wanted, one.iterations, Base64.getDecoder().decode(one.salt)))
        .filter(one -> one.sql().equals(kept))
        .isPresent();
  }

  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
