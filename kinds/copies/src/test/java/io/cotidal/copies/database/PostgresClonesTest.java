package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class PostgresClonesTest {
  private final DatabaseClones clones = new Postgres().clones().orElseThrow();

  private static Installation version(String version) {
    return new Installation("postgres", version, Path.of("/nowhere"), Optional.empty());
  }

  @ParameterizedTest(name = "PostgreSQL {0} cannot clone a database")
  @ValueSource(strings = {"13.2", "17.11", "17"})
  void tooOld(String version) {
    assertThatThrownBy(() -> clones.require(version(version)))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "PostgreSQL %s cannot clone a database: install 18, or write isolation: server"
                .formatted(version));
  }

  @ParameterizedTest(name = "PostgreSQL {0} can")
  @ValueSource(strings = {"18.6", "18"})
  void able(String version) {
    assertThatCode(() -> clones.require(version(version))).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("MariaDB does not offer it")
  void others() {
    assertThat(new MariaDb().clones()).isEmpty();
  }

  @Test
  @DisplayName("the server clones files where the volume shares, and copies them elsewhere")
  void method() {
    Place place = new Place("shop.h1", Path.of("/d"), Path.of("/r"), -1, "127.0.0.1", 20_000, 64);
    assertThat(clones.server(version("18.6"), place, true).arguments())
        .contains("file_copy_method=clone");
    assertThat(clones.server(version("18.6"), place, false).arguments())
        .contains("file_copy_method=copy");
  }
}
