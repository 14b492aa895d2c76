package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.store.PostgresAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sqlite:PATH}, or {@code postgresql://USER@HOST:PORT/DATABASE} with a few parameters. */
final class StoreForm implements Form<StorePlace> {
  private static final String EXAMPLES =
      "write sqlite:var/cotidal.db or postgresql://cotidal@db.example.org/cotidal";

  private static final Pattern SERVER =
      Pattern.compile(
          "postgres(?:ql)?://([A-Za-z_][A-Za-z0-9_.-]{0,62})@(\\[[0-9A-Fa-f:.]+]|[^/@:?]+)(?::([0-9]{1,5}))?"
              + "/([A-Za-z_][A-Za-z0-9_-]{0,62})(?:\\?([^?]*))?");

  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final Path folder;
  private final Path state;

  /**
   * The form.
   *
   * @param folder what relative paths begin at
   * @param state the folder beside a store that is no file
   */
  StoreForm(Path folder, Path state) {
    this.folder = folder;
    this.state = state;
  }

  @Override
  public Read<StorePlace> read(String text) {
    return text.startsWith("postgres:") || text.startsWith("postgresql:")
        ? server(text)
        : file(text);
  }

  private Read<StorePlace> file(String text) {
    Optional<Path> path =
        text.startsWith("sqlite:")
            ? Forms.path(text.substring("sqlite:".length()))
            : Optional.empty();
    if (path.isEmpty() || text.contains("?")) {
      return unfit(
          Quote.of(text) + " is not a store",
          "write sqlite:PATH, for example sqlite:var/cotidal.db");
    }
    return fit(new StorePlace.File(folder.resolve(path.get()).normalize()));
  }

  /** No reason here quotes the text: there may be a password in it. */
  private Read<StorePlace> server(String text) {
    int at = text.indexOf('@');
    if (at > 0 && text.substring(0, at).replaceFirst("^[a-z]+://", "").contains(":")) {
      return unfit(
          "holds a password", "remove it, and write store-password: {secret: \"file:PATH\"}");
    }
    Matcher parts = SERVER.matcher(text);
    if (!parts.matches()) {
      return unfit("is not the address of a PostgreSQL database", EXAMPLES);
    }
    String host = parts.group(2).replaceAll("[\\[\\]]", "");
    if (Forms.host().read(host) instanceof Form.Read.Unfit<String>) {
      return unfit("names no host", EXAMPLES);
    }
    int port = parts.group(3) == null ? 5432 : Integer.parseInt(parts.group(3));
    if (port < 1 || port > 65_535) {
      return unfit("has no port from 1 to 65535", EXAMPLES);
    }
    Map<String, String> wanted = new TreeMap<>();
    String query = parts.group(5) == null ? "" : parts.group(5);
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0
          || !Pattern.matches("schema|sslmode|sslrootcert", key)
          || wanted.put(key, pair.substring(equals + 1)) != null) {
        return unfit(
            "has a parameter that is not known", "known are schema, sslmode and sslrootcert, once");
      }
    }
    return parameters(host, port, parts, wanted);
  }

  private Read<StorePlace> parameters(
      String host, int port, Matcher parts, Map<String, String> wanted) {
    String schema = wanted.getOrDefault("schema", PostgresAddress.SCHEMA);
    if (!SCHEMA.matcher(schema).matches()) {
      return unfit("has a schema that is no plain name", "use 1 to 63 of a-z 0-9 _");
    }
    Optional<PostgresAddress.Mode> mode =
        mode(wanted.getOrDefault("sslmode", here(host) ? "disable" : "verify-full"));
    if (mode.isEmpty()) {
      return unfit(
          "has an sslmode that is not known", "write disable, require, verify-ca or verify-full");
    }
    Optional<Path> authority =
        Optional.ofNullable(wanted.get("sslrootcert"))
            .flatMap(Forms::path)
            .map(path -> folder.resolve(path).normalize());
    PostgresAddress address =
        new PostgresAddress(
            host,
            port,
            parts.group(4),
            parts.group(1),
            schema,
            new PostgresAddress.Tls(mode.get(), authority));
    return fit(new StorePlace.Server(address, Optional.empty(), state));
  }

  private static Optional<PostgresAddress.Mode> mode(String word) {
    for (PostgresAddress.Mode mode : PostgresAddress.Mode.values()) {
      if (mode.word().equals(word)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  /** What goes to this machine itself can be read by nobody on the way. */
  private static boolean here(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
