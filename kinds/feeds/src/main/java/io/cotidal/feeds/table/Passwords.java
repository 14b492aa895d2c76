package io.cotidal.feeds.table;

import io.cotidal.model.Secret;
import java.net.IDN;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Optional;

/**
 * Passwords of a roles file: sent to the server as verifiers, and only if the server keeps others.
 */
record Passwords(Session session) {
  private static final int SALT = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The same options, with a password that may be written to a server's log. */
  static RoleStatement.Options veiled(RoleStatement.Options options) {
    return options.password().map(Secret::reveal).filter(Passwords::bare).isEmpty()
        ? options
        : options.withPassword(options.password().map(Passwords::verifier));
  }

  private static boolean bare(String password) {
    return !password.isEmpty() && !Verifier.already(password);
  }

  private static Secret verifier(Secret password) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    return new Secret(Verifier.of(password.reveal(), salt).sql());
  }

  /**
   * The same, without the password if the role has it. Who may not read what the server keeps of
   * passwords cannot know that, and writes it anew: so it is as the file says whoever changed it.
   */
  RoleStatement.Options differing(String role, RoleStatement.Options wanted)
      throws TableException, InterruptedException {
    if (wanted.password().isEmpty()) {
      return wanted;
    }
    boolean readable =
        session.row(
            "SELECT has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')",
            row -> row.getBoolean(1));
    if (!readable) {
      return veiled(wanted);
    }
    String kept =
        session.row(
            "SELECT coalesce((SELECT rolpassword FROM pg_authid WHERE rolname = ?), '')",
            row -> row.getString(1),
            role);
    String password = wanted.password().get().reveal();
    boolean same = password.isEmpty() ? kept.isEmpty() : Verifier.holds(kept, role, password);
    return same ? wanted.withPassword(Optional.empty()) : veiled(wanted);
  }

  /**
   * A password as PostgreSQL and its clients normalize it before they work with it (SASLprep, RFC
   * 4013, by Unicode 3.2); one that may not be so is taken as it is, as they do.
   */
  static String prepared(String password) {
    if (password.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      return password;
    }
    StringBuilder mapped = new StringBuilder();
    password
        .codePoints()
        .filter(c -> space(c) || !nothing(c))
        .map(c -> space(c) ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    boolean allowed = normal.codePoints().allMatch(Passwords::allowed);
    return normal.isEmpty() || !allowed || !oneWay(normal) ? password : normal;
  }

  private static boolean space(int c) {
    return c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200B)
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  private static boolean nothing(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || (c >= 0x180B && c <= 0x180D)
        || (c >= 0x200C && c <= 0x200D)
        || c == 0x2060
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0xFEFF;
  }

  /** Names of hosts may hold the same characters of Unicode 3.2, but for their full stops. */
  private static boolean allowed(int c) {
    if (c < 0x80) {
      return c >= ' ' && c != 0x7F;
    }
    if (c == 0x3002) {
      return true;
    }
    try {
      IDN.toASCII(Character.toString(c), 0);
      return true;
    } catch (IllegalArgumentException e) {
      // Prohibited, or of a later Unicode.
      return false;
    }
  }

  /** Whether a text that is written from the right is so from its first to its last character. */
  private static boolean oneWay(String text) {
    if (text.codePoints().noneMatch(Passwords::right)) {
      return true;
    }
    boolean left =
        text.codePoints()
            .anyMatch(
                c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    return !left && right(text.codePointAt(0)) && right(text.codePointBefore(text.length()));
  }

  private static boolean right(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
