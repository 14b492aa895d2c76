package io.cotidal.postgres.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a loss is told. */
class LossTest {
  private static final Divergence.Parted WHERE =
      new Divergence.Parted(List.of(new Divergence.Span(1, 0x3000100, 0)));
  private static final Map<String, Name> NAMES =
      Map.of(
          "1663/5/16400", new Name.Table("shop.orders of postgres"),
          "1663/5/16401", new Name.Inner(),
          "1663/5/16402", new Name.Table("shop.\"a; b: 9 inserted\n\" of postgres"));
  private static final String SAID =
      """
      state read
      last 0/030001F8
      reached yes
      why pg_waldump: error: error in WAL record at 0/30001F8: invalid record length at 0/3000220
      transactions 3
      subtransactions 1
      system 0
      prepared 1
      rolled-back 0
      unfinished 0
      uncertain 0
      first 2026-01-01 10:00:00.500000
      final 2026-01-01 10:00:01.500000
      relations 4
      relation 1663/5/16400 5 0 0 0 old 5
      relation 1663/5/16401 5 0 0 0 old 5
      relation 1663/5/16402 0 0 0 1 old 1
      relation 1663/5/16400 7 0 0 0 new 7
      segments 1 16777216 kept
      folder /srv/a.lost/20260101T100100Z-7
      done
      """;

  private static Loss loss(String said, boolean quorum) {
    LossFacts.Origin origin =
        new LossFacts.Origin("20260101T100100Z-7", "a", "c", 2, "2026-01-01T10:01:00Z", quorum);
    return new Loss(7, LossFacts.counted(origin, WHERE, Tally.read(said), NAMES, 0));
  }

  @Test
  @DisplayName("One sentence says how many, of what, whom they miss and where they are kept")
  void sentence() {
    Loss loss = loss(SAID, false);
    assertThat(loss.sentence())
        .isEqualTo(
            "3 transactions, 1 prepared of a (7 rows in 1663/5/16400; 5 rows in shop.orders of"
                + " postgres; shop.\"a, b: 9 inserted?\" of postgres truncated) are not in c: kept in"
                + " /srv/a.lost/20260101T100100Z-7; whether their clients were told that they were"
                + " committed, the log does not say");
    Details facts = loss.facts();
    assertThat(facts.get("fork", "")).isEqualTo("0/3000100");
    assertThat(facts.get("bytes", "")).isEqualTo("" + (0x3000220 - 0x3000100));
    assertThat(facts.get("first", "")).isEqualTo("2026-01-01 10:00:00.500000");
  }

  @Test
  @DisplayName("With a quorum in force it is said that nobody who waited was told")
  void quorum() {
    assertThat(loss(SAID, true).sentence())
        .endsWith("nobody who waited for the quorum was told that they were committed");
  }

  @Test
  @DisplayName("What was cut short is a least number, and never nothing")
  void late() {
    Loss some = loss(SAID.replace("state read", "state late"), false);
    assertThat(some.sentence()).startsWith("at least 3 transactions").contains("took too long");
    Loss none =
        loss(
            SAID.replace("state read", "state late")
                .replace("transactions 3", "transactions 0")
                .replace("prepared 1", "prepared 0"),
            false);
    assertThat(none.nothing()).isFalse();
    assertThat(none.sentence()).contains("could not be counted, because");
  }

  @Test
  @DisplayName("An answer that did not come whole is no count")
  void half() {
    assertThatThrownBy(() -> Tally.read(SAID.substring(0, SAID.indexOf("segments"))))
        .hasMessageContaining("did not come whole");
  }

  @Test
  @DisplayName("The summary beside what is kept has every relation, in JSON that holds any name")
  void summary() {
    Tally tally = Tally.read(SAID);
    String json = LossSummary.json(loss(SAID, false).facts(), tally, NAMES);
    assertThat(json)
        .contains("\"transactions\": \"3\"", "\"inner\": \"true\"", "\\u000a")
        .contains("{\"file\": \"1663/5/16400\", \"inserted\": 7, \"updated\": 0");
  }
}
