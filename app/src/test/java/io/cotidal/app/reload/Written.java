package io.cotidal.app.reload;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configurations for tests. */
final class Written {
  private static final Map<String, String> ENVIRONMENT = Map.of("ONE", "hunter2", "TWO", "hunter3");

  static final String TEXT =
      """
      listen: 127.0.0.1:7400
      postgres:
        orders:
          mode: manage
          quorum: 1
          defaults: {bin: /usr/bin, host: 127.0.0.1}
          members:
            - {name: a, port: 5433, data: /srv/a}
            - {name: b, port: 5434, data: /srv/b}
          superuser: {name: postgres, password: {secret: "env:ONE"}}
          replication: {name: replicator, password: {secret: "env:TWO"}}
        orders.old:
          defaults: {bin: /usr/bin, host: 127.0.0.1}
          quorum: 0
          members:
            - {name: a, port: 5443, data: /srv/old}
          superuser: {name: postgres, password: {secret: "env:ONE"}}
          replication: {name: replicator, password: {secret: "env:TWO"}}
      """;

  private Written() {}

  static Configuration of(Path folder, String text) throws IOException {
    Path file = folder.resolve("cotidal.yaml");
    Files.writeString(file, text);
    Loaded loaded = Kinds.reader(Map.of(), ENVIRONMENT, folder).read(file);
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }
}
