package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class OwnGroundTest {
  @TempDir Path folder;

  private long found(String store) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cotidal.yaml"),
            """
            store: %s
            postgres:
              orders:
                defaults: {bin: /usr/bin}
                members:
                  - {name: a, host: 127.0.0.1, port: 5432, data: /srv/a}
                  - {name: b, host: 127.0.0.1, port: 5433, data: /srv/b}
                superuser: {password: {secret: "env:PW"}}
                replication: {password: {secret: "env:PW"}}
            """
                .formatted(store));
    Loaded loaded = Kinds.reader(Map.of(), Map.of("PW", "x"), folder).read(file);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    Configuration configuration = ((Loaded.Valid) loaded).configuration();
    return OwnGround.checks(
            configuration.store(), configuration.of(Clusters.class).named().getFirst())
        .size();
  }

  @Test
  @DisplayName("a store in a member of a managed cluster is found, others are not")
  void finds() throws IOException {
    assertThat(found("postgresql://cotidal@localhost:5433/cotidal")).isEqualTo(1);
    assertThat(found("postgresql://cotidal@127.0.0.1/cotidal")).isEqualTo(1);
    assertThat(found("postgresql://cotidal@127.0.0.1:5440/cotidal")).isZero();
    assertThat(found("postgresql://cotidal@db.example.org/cotidal")).isZero();
    assertThat(found("sqlite:cotidal.db")).isZero();
  }
}
