package io.cotidal.copies.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
@DisplayName("Docker's words")
class DockerWordsTest {
  @ParameterizedTest
  @CsvSource({
    "-5, Less than a second",
    "0, Less than a second",
    "1, 1 second",
    "59, 59 seconds",
    "60, About a minute",
    "119, About a minute",
    "120, 2 minutes",
    "3599, 59 minutes",
    "3600, About an hour",
    "5399, About an hour",
    "5400, 2 hours",
    "170999, 47 hours",
    "172800, 2 days",
    "1209600, 2 weeks",
    "5184000, 2 months",
    "63072000, 2 years"
  })
  @DisplayName("copies/E5: ages are rounded as Docker rounds them")
  void ages(long seconds, String words) {
    assertThat(DockerWords.age(seconds * 1_000_000)).isEqualTo(words);
  }
}
