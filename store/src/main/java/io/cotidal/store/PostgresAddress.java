package io.cotidal.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a store in a PostgreSQL server lies, and as whom. Holds no secret.
 *
 * @param host name or address of the server that takes writes
 * @param port 1 to 65535
 * @param database that exists
 * @param user a role that may log in, and may make the schema or own it
 * @param schema of the store's own, a-z 0-9 _; made if it is not there
 * @param tls how the connection is protected
 */
public record PostgresAddress(
    String host, int port, String database, String user, String schema, Tls tls) {
  /** The schema of who names none. */
  public static final String SCHEMA = "cotidal";

  private static final Pattern SCHEMA_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /** Refuses a schema whose name would need quotes. */
  public PostgresAddress {
    if (!SCHEMA_NAME.matcher(schema).matches()) {
      throw new IllegalArgumentException("schema '" + schema + "' is not 1 to 63 of a-z 0-9 _");
    }
  }

  /**
   * TLS with the server.
   *
   * @param mode how much of the server is checked
   * @param authority certificates of those who may sign for it, in PEM; the user's {@code
   *     ~/.postgresql/root.crt} if empty
   */
  public record Tls(Mode mode, Optional<Path> authority) {}

  /** The modes of libpq, by its words. */
  public enum Mode {
    /** In clear. */
    DISABLE("disable"),
    /** Encrypted, with whoever answers. */
    REQUIRE("require"),
    /** With a server that the authority has signed for. */
    VERIFY_CA("verify-ca"),
    /** And that bears the host's name. */
    VERIFY_FULL("verify-full");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    /** libpq's word. */
    public String word() {
      return word;
    }
  }

  /** For the driver. */
  String url() {
    return "jdbc:postgresql://"
        + bracketed()
        + ":"
        + port
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  private String bracketed() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** As an operator writes it. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + bracketed() + ":" + port + "/" + database;
  }
}
