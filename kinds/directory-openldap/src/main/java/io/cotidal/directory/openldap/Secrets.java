package io.cotidal.directory.openldap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * A password as {@code olcRootPW} holds it: {@code {SSHA}}, the one scheme that every slapd has.
 * The same password stands in clear beside it, in the orders to fetch.
 */
final class Secrets {
  private static final String SCHEME = "{SSHA}";
  private static final int HASH = 20;
  private static final int SALT = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String hashed(String password) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    return SCHEME + Base64.getEncoder().encodeToString(hash(password, salt));
  }

  /** Whether that is the password; false as well if it is in another scheme. */
  static boolean matches(String stored, String password) {
    if (!stored.startsWith(SCHEME)) {
      return false;
    }
    byte[] both;
    try {
      both = Base64.getDecoder().decode(stored.substring(SCHEME.length()));
    } catch (IllegalArgumentException e) {
      // Nothing that we wrote.
      return false;
    }
    return both.length > HASH
        && MessageDigest.isEqual(both, hash(password, Arrays.copyOfRange(both, HASH, both.length)));
  }

  private static byte[] hash(String password, byte[] salt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      byte[] hash = digest.digest(salt);
      byte[] both = Arrays.copyOf(hash, hash.length + salt.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return both;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }
}
