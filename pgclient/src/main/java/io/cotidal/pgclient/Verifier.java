package io.cotidal.pgclient;

import io.cotidal.model.Secret;
import org.postgresql.util.PasswordUtil;

/**
 * What a server keeps instead of a password, computed here so that the password never travels in
 * SQL.
 */
public final class Verifier {
  private Verifier() {}

  /**
   * The SCRAM-SHA-256 verifier of {@code password}; to be kept as secret as the password itself.
   */
  public static Secret scram(Secret password) {
    return new Secret(PasswordUtil.encodeScramSha256(password.reveal().toCharArray()));
  }
}
