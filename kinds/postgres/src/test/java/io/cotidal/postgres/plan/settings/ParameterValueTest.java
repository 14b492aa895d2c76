package io.cotidal.postgres.plan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.postgres.observe.ServerSettings.Kind;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values read as the server reads them. */
@Timeout(20)
class ParameterValueTest {
  static Parameter parameter(String name, String setting, Kind kind, String context) {
    return new Parameter(
        name, setting, setting, kind, context, "default", Optional.empty(), Optional.empty());
  }

  private static Kind number(String type, String unit, String least, String most) {
    return new Kind(type, unit, least, most, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "8kB, 16384, 128MB",
    "8kB, 16384, 131072kB",
    "8kB, 16384, 16384",
    "kB, 65536, 64MB",
    "kB, 1536, 1.5MB",
    "ms, 90000, 1.5min",
    "s, 300, 5min",
    "min, 1440, 1d",
    "MB, 1024, 1GB",
    "'', 200, 200",
    "'', 511, 0777",
    "'', 255, 0xff",
    "'', 200, ' 200 '"
  })
  @DisplayName("a number with a unit is what the server makes of it")
  void numbers(String unit, String setting, String wanted) {
    Parameter parameter =
        parameter("x", setting, number("integer", unit, "0", "2147483647"), "sighup");
    assertThat(ParameterValue.read(parameter, wanted).problem()).isEmpty();
    assertThat(ParameterValue.inForce(parameter, wanted)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "8kB, 16, 1073741823, 64kB, it takes 16 to 1073741823 (in 8kB)",
    "kB, 64, 2147483647, 4QB, is no unit of it",
    "kB, 64, 2147483647, lots, it takes a number",
    "ms, 0, 100, 5MB, is no unit of it",
    "'', 1, 262143, 0, it takes 1 to 262143",
    "'', 1, 262143, 10MB, without a unit"
  })
  @DisplayName("what it would not take is known beforehand")
  void problems(String unit, String least, String most, String wanted, String problem) {
    Parameter parameter = parameter("x", "64", number("integer", unit, least, most), "postmaster");
    assertThat(ParameterValue.read(parameter, wanted).problem()).contains(problem);
  }

  @Test
  @DisplayName("words, truths and texts")
  void words() {
    Kind levels = new Kind("enum", "", "", "", List.of("local", "remote_write", "on", "off"));
    Parameter commit = parameter("synchronous_commit", "on", levels, "user");
    assertThat(ParameterValue.inForce(commit, "ON")).isTrue();
    assertThat(ParameterValue.inForce(commit, "true")).isTrue();
    assertThat(ParameterValue.read(commit, "sometimes").problem())
        .isEqualTo("it takes one of local, remote_write, on, off");
    Parameter fsync = parameter("fsync", "off", new Kind("bool", "", "", "", List.of()), "sighup");
    for (String no : List.of("off", "no", "f", "0", "FALSE", "of")) {
      assertThat(ParameterValue.inForce(fsync, no)).as(no).isTrue();
    }
    assertThat(ParameterValue.read(fsync, "o").problem()).isNotEmpty();
    Kind unknown = new Kind("unknown", "", "", "", List.of());
    assertThat(ParameterValue.read(parameter("wrok_mem", "", unknown, ""), "4MB").problem())
        .isEqualTo("the server knows no such parameter");
    assertThat(ParameterValue.read(parameter("my.own", "", unknown, ""), "4MB").problem())
        .isEmpty();
    Kind text = new Kind("string", "", "", "", List.of());
    assertThat(ParameterValue.read(parameter("x", "", text, "internal"), "y").problem())
        .isEqualTo("nobody can set it");
  }
}
