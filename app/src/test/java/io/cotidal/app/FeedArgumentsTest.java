package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("what a command of replicas is told")
final class FeedArgumentsTest {
  @Test
  @DisplayName("its own words are taken out, and what every daemon takes is left")
  void parted() {
    assertThat(
            FeedArguments.parse(
                List.of(
                    "feeds/parks",
                    "--store",
                    "sqlite:x",
                    "--for=10m",
                    "--env-file",
                    "/etc/feeds.env",
                    "--help")))
        .isEqualTo(
            new FeedArguments(
                Optional.of(Path.of("/etc/feeds.env")),
                Optional.of("parks"),
                Optional.of(Duration.ofMinutes(10)),
                List.of("--store", "sqlite:x", "--help")));
    assertThat(FeedArguments.parse(List.of()).others()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a b | 'b' is one word too many
          --for | --for needs a value
          --for ten | is no time; write for example 90s, 10m or 1h
          --for 0s | is no time that passes
          --env-file | --env-file needs a value
          """)
  void refused(String line, String reason) {
    assertThatThrownBy(() -> FeedArguments.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
