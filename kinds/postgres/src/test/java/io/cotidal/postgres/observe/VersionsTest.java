package io.cotidal.postgres.observe;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.pgclient.PgException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PostgreSQL from 13 on is taken, older is refused by name")
class VersionsTest {
  @ParameterizedTest
  @ValueSource(ints = {130_000, 130_022, 140_022, 150_018, 170_011, 180_006})
  void known(int version) {
    assertThatCode(() -> Look.refuseOlder(version)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"129999, 12", "120022, 12", "100000, 10", "90624, 9.6", "90224, 9.2"})
  void older(int version, String name) {
    assertThatThrownBy(() -> Look.refuseOlder(version))
        .isInstanceOf(PgException.class)
        .hasMessageContaining("PostgreSQL " + name + ",");
  }
}
