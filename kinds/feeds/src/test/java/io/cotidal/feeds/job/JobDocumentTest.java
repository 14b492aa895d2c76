package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("deltas are written into a job's document")
class JobDocumentTest {
  private static final String MD5 = "0123456789abcdef0123456789abcdef";
  private static final Offer ONE = new Offer("m:/d/1", "1".repeat(32), "2".repeat(32), MD5);
  private static final Offer TWO = new Offer("m:/d/2", "3".repeat(32), "4".repeat(32), MD5);

  private static String offering(String text, Offer... offers) {
    return JobDocument.read("job", text).offering(List.of(offers));
  }

  private static String shown(String text) {
    return text.replace(ONE.json(), "ONE").replace(TWO.json(), "TWO").replace(MD5, "MD5");
  }

  @Test
  @DisplayName("on one line, and all else stays to the letter")
  void oneLine() {
    String job =
        "{\"a\": 1.0,  \"data\": {\"md5\": \""
            + MD5
            + "\", \"file\": \"m:/x\"} , \"z\":\"\\u00e9\"}\n";
    String once = offering(job, ONE);
    assertThat(shown(once))
        .isEqualTo(
            "{\"a\": 1.0,  \"data\": {\"md5\": \"MD5\", \"file\": \"m:/x\", \"deltas\": [ONE]} , \"z\":\"\\u00e9\"}\n");
    assertThat(offering(once, ONE)).isEqualTo(once);
    assertThat(shown(offering(once, TWO, ONE))).contains("\"deltas\": [TWO, ONE]}");
    assertThat(offering(offering(once), ONE)).isEqualTo(once);
    assertThat(offering(job)).isEqualTo(job);
  }

  @Test
  @DisplayName("on lines of their own, as deep as the fields beside them")
  void lines() {
    String job =
        """
        {
            "data": {
                "deltas_of_mine": {"deltas": [1]},
                "file": "m:/x",
                "md5": "%s"
            },
            "deltas": "of somebody else's"
        }
        """
            .formatted(MD5);
    String once = offering(job, ONE, TWO);
    assertThat(shown(once))
        .isEqualTo(
            """
            {
                "data": {
                    "deltas_of_mine": {"deltas": [1]},
                    "file": "m:/x",
                    "md5": "MD5",
                    "deltas": [
                      ONE,
                      TWO
                    ]
                },
                "deltas": "of somebody else's"
            }
            """);
    assertThat(offering(once, ONE, TWO)).isEqualTo(once);
    assertThat(Samples.one("kmi/layers/s.t.json", once).publish().orElseThrow().body())
        .isInstanceOfSatisfying(Body.Layer.class, layer -> assertThat(layer.deltas()).hasSize(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"data\": 7}",
        "{\"data\": {\"file\": \"m:/x\"}}",
        "{\"data\": {\"file\": \"m:/../x\", \"md5\": \"0123456789abcdef0123456789abcdef\"}}",
        "{\"data\": {\"file\": \"m:/x\", \"md5\": \"0123456789abcdef0123456789abcdef\", \"deltas\": 7}}",
        "{\"data\": {\"file\": \"m:/x\", \"md5\": \"0123456789abcdef0123456789abcdef\"}"
      })
  @DisplayName("what publishes no table is refused in one line")
  void refused(String text) {
    assertThatThrownBy(() -> offering(text, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).startsWith("job: ").hasLineCount(1));
  }
}
