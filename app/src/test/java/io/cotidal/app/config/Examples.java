package io.cotidal.app.config;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A configuration that is right, to be spoilt in one place. */
final class Examples {
  static final String FILE = "cotidal.yaml";
  static final Path FOLDER = Path.of("/etc/cotidal");
  static final Path WORKING = Path.of("/home/ann");

  static final String GOOD =
      """
      listen: 127.0.0.1:7400
      store: sqlite:var/cotidal.db
      metrics: {anonymous: false}
      postgres:
        orders:
          mode: manage
          quorum: 1
          defaults: {bin: /usr/lib/postgresql/15/bin, user: postgres, host: 127.0.0.1}
          members:
            - {name: a, port: 5433, data: /srv/a}
            - {name: b, port: 5434, data: /srv/b}
            - {name: c, port: 5435, data: /srv/c}
          superuser: {name: postgres, password: {secret: "env:ORDERS"}}
          replication: {name: replicator, password: {secret: "env:REPLICATION"}}
          failover: {automatic: true, tick: 200ms, deadline: 500ms, confirm: 3, silence: 1500ms, fence: process, drop: 10s}
          settings: {max_connections: "200"}
      """;

  /** Knows two secrets and refuses all others. */
  static final Secrets SECRETS =
      reference ->
          switch (reference) {
            case "env:ORDERS" -> Form.fit(new Secret("canary-orders"));
            case "env:REPLICATION" -> Form.fit(new Secret("canary-replication"));
            default -> Form.unfit("holds a value, not a reference", "write secret: env:NAME");
          };

  private Examples() {}

  static Loaded parse(String text) {
    return parse(text, Map.of(), Map.of());
  }

  static Loaded parse(String text, Map<String, String> flags, Map<String, String> environment) {
    return new ConfigurationParser(Kinds.sections(), flags, environment, WORKING)
        .parse(FILE, text, FOLDER, SECRETS);
  }

  static List<String> lines(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Valid valid -> List.of();
      case Loaded.Invalid invalid -> invalid.problems().stream().map(Problem::toString).toList();
    };
  }

  static Configuration valid(Loaded loaded) {
    return switch (loaded) {
      case Loaded.Valid valid -> valid.configuration();
      case Loaded.Invalid invalid -> throw new AssertionError(invalid.problems().toString());
    };
  }
}
