package io.cotidal.objects.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites 0, 1 and 2, of which 0 is left. */
@Timeout(30)
@DisplayName("what becomes of one name at a site that the container leaves")
final class PartingTest {
  private static final SiteSet PLACED = SiteSet.of(1, 2);
  private static final SiteSet ALL = SiteSet.of(0, 1, 2);
  private static final Timestamp NOW = new Timestamp(1_000_000);

  private static ObjectRow row(long written) {
    return ObjectRow.plain("x", new Timestamp(written), "h" + written, 7);
  }

  private static Agreed alive(long written, SiteSet held, Earlier... earlier) {
    return Agreed.alive(row(written), held, List.of(earlier));
  }

  private static Earlier earlier(long written, boolean present) {
    return new Earlier(0, new Timestamp(written), present);
  }

  private static Meeting meeting(@Nullable Agreed agreed, long... written) {
    @Nullable ObjectRow[] rows = new ObjectRow[written.length];
    for (int site = 0; site < written.length; site++) {
      rows[site] = written[site] == 0 ? null : row(written[site]);
    }
    return new Meeting(new Key("x", ""), rows, ALL, agreed);
  }

  private static Parting of(@Nullable Agreed agreed, long... written) {
    return Parting.of(meeting(agreed, written), PLACED, 0);
  }

  private static Parting.Goes goes(@Nullable Agreed agreed, long... written) {
    Parting parting = of(agreed, written);
    assertThat(parting).isInstanceOf(Parting.Goes.class);
    return (Parting.Goes) parting;
  }

  @Test
  @DisplayName("it goes if every site of the rules has it, and is deleted a step behind its time")
  void same() {
    Parting.Goes goes = goes(alive(10, ALL), 10, 10, 10);
    assertThat(goes.stamp()).isEqualTo(new Timestamp(11));
    assertThat(goes.before()).isEqualTo(alive(10, ALL));
    assertThat(goes.turned()).isEqualTo(alive(10, PLACED, earlier(11, false)));
    Parting.Goes again = goes.again(0);
    assertThat(goes.probe()).isEqualTo(new Timestamp(12));
    assertThat(again.turned()).isEqualTo(alive(10, PLACED, earlier(13, false)));
    assertThat(again.stamp()).isEqualTo(new Timestamp(13));
  }

  @Test
  @DisplayName("an older one goes too; one that nobody has heard of goes into the ledger first")
  void older() {
    Parting.Goes known = goes(alive(10, PLACED, earlier(5, true)), 5, 10, 10);
    assertThat(known.stamp()).isEqualTo(new Timestamp(6));
    assertThat(known.latest()).isFalse();
    assertThat(known.losers()).isEmpty();
    Parting.Goes unheard = goes(alive(10, PLACED, earlier(5, true)), 7, 10, 10);
    assertThat(unheard.losers()).containsExactly(new Verdict.Loser(0, Optional.of(row(7))));
  }

  @Test
  @DisplayName("what was given up and is still shown goes under the time that it was given up at")
  void twice() {
    Agreed given = alive(10, PLACED, earlier(13, false));
    Parting.Goes goes = goes(given, 10, 10, 10);
    assertThat(goes.stamp()).isEqualTo(new Timestamp(13));
    assertThat(goes.turned()).isEqualTo(given);
    assertThat(goes.before()).isEqualTo(alive(10, ALL));
  }

  @Test
  @DisplayName("nothing goes that a client wrote or deleted, or that some site lacks")
  void stays() {
    assertThat(of(alive(10, ALL), 0, 10, 10)).isInstanceOf(Parting.Stays.class);
    assertThat(of(alive(10, ALL), 12, 10, 10)).isInstanceOf(Parting.Stays.class);
    assertThat(of(alive(10, ALL), 10, 10, 0)).isInstanceOf(Parting.Stays.class);
    assertThat(of(alive(10, ALL), 10, 10, 12)).isInstanceOf(Parting.Stays.class);
    assertThat(of(alive(10, SiteSet.of(0, 1)), 10, 10, 10)).isInstanceOf(Parting.Stays.class);
    assertThat(of(null, 10, 10, 10)).isInstanceOf(Parting.Stays.class);
    assertThat(of(alive(10, PLACED, earlier(11, false)), 0, 10, 10))
        .isInstanceOf(Parting.Nothing.class);
    @Nullable ObjectRow[] rows = {row(10), row(10), null};
    Meeting unread = new Meeting(new Key("x", ""), rows, SiteSet.of(0, 1), alive(10, ALL));
    assertThat(Parting.of(unread, PLACED, 0)).isInstanceOf(Parting.Stays.class);
  }

  @Test
  @DisplayName("a listing that still shows what was given up is not believed")
  void lags() {
    Agreed given = alive(10, PLACED, earlier(11, false));
    Agreement.Keep keep = new Agreement.Keep(ALL, Duration.ofDays(14));
    assertThat(Agreement.seen(meeting(given, 10, 10, 10), keep, NOW)).contains(given);
    assertThat(Agreement.seen(meeting(given, 0, 10, 10), keep, NOW)).contains(given);
  }

  @Test
  @DisplayName("a site that gave it up and is named again gets it under a time that it takes")
  void back() {
    Agreed given = alive(10, PLACED, earlier(13, false));
    Rules rules = new Rules(ALL, SiteSet.NONE, Duration.ofSeconds(2));
    for (long shown : new long[] {0, 10}) {
      Verdict verdict = Decision.of(meeting(given, shown, 10, 10), rules, NOW);
      assertThat(verdict).isInstanceOf(Verdict.Copy.class);
      Verdict.Copy copy = (Verdict.Copy) verdict;
      assertThat(copy.to()).isEqualTo(SiteSet.of(0));
      assertThat(copy.stamp()).isEqualTo(new Timestamp(14));
    }
    @Nullable ObjectRow[] rows = {null, null, row(5)};
    Meeting older = new Meeting(new Key("x", ""), rows, SiteSet.of(0, 2), given);
    assertThat(Decision.of(older, new Rules(SiteSet.of(0, 1), SiteSet.NONE, Duration.ZERO), NOW))
        .as("an older one must not overrule what is agreed on")
        .isInstanceOf(Verdict.class)
        .isNotInstanceOf(Verdict.Copy.class);
    Agreed later = alive(20, PLACED, earlier(13, false));
    Verdict.Copy copy = (Verdict.Copy) Decision.of(meeting(later, 0, 20, 20), rules, NOW);
    assertThat(copy.stamp()).as("its own time is late enough").isEqualTo(new Timestamp(20));
  }
}
