package io.cotidal.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("Other programs")
class ProgramsTest {
  private final AtomicReference<String> ended = new AtomicReference<>("");
  private final Programs programs =
      Programs.system(farewell -> () -> ended.set("no longer listened"));

  @Test
  @DisplayName("A program gets its words as they are and the environment; its status comes back")
  void runs() throws Exception {
    List<String> words =
        List.of("awk", "BEGIN { exit ENVIRON[\"COT_CANARY\"] != ARGV[1] }", "$x y");
    assertThat(programs.run(words, Map.of("COT_CANARY", "$x y"))).isZero();
    assertThat(programs.run(words, Map.of("COT_CANARY", "other"))).isEqualTo(1);
    assertThat(ended).hasValue("no longer listened");
  }

  @Test
  @DisplayName("A program that is not there is an error of its own")
  void missing() {
    assertThatThrownBy(() -> programs.run(List.of("cot-no-such-program"), Map.of()))
        .isInstanceOf(IOException.class);
  }
}
