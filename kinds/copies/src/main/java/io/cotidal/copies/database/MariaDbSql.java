package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names, values and accounts as MariaDB reads them. */
final class MariaDbSql {
  /** The account of Cotidal in every server. */
  static final String ADMINISTRATOR = "cotidal";

  private MariaDbSql() {}

  /**
   * A quoted name.
   *
   * @throws IllegalArgumentException if it is empty or holds a control character
   */
  static String name(String name) {
    return "`" + clean(name).replace("`", "``") + "`";
  }

  /** A quoted value; right unless the server's mode is NO_BACKSLASH_ESCAPES. */
  static String text(String value) {
    return "'" + clean(value).replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** An account that may come from anywhere. */
  static String account(String name) {
    if (name.equals(ADMINISTRATOR)) {
      throw new IllegalArgumentException(
          "the user '" + ADMINISTRATOR + "' is Cotidal's own; choose another name");
    }
    return name(name) + "@`%`";
  }

  /** A database as GRANT reads it, where underscore and percent would stand for anything. */
  static String granted(String database) {
    return name(database.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"));
  }

  /**
   * What the server keeps of a password: the form that every client of MySQL and MariaDB can log in
   * with.
   */
  static Secret verifier(Secret password) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-1");
      byte[] once = sha.digest(password.reveal().getBytes(StandardCharsets.UTF_8));
      return new Secret("*" + HexFormat.of().withUpperCase().formatHex(sha.digest(once)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** What follows an account to give it that password. */
  static String identified(Secret password) {
    return " IDENTIFIED VIA mysql_native_password USING " + text(verifier(password).reveal());
  }

  private static String clean(String value) {
    if (value.isEmpty() || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a name or value for MariaDB is empty or not printable");
    }
    return value;
  }
}
