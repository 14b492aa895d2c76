package io.cotidal.objects.compare;

import static io.cotidal.objects.compare.Case.NOW;
import static io.cotidal.objects.compare.Case.alive;
import static io.cotidal.objects.compare.Case.before;
import static io.cotidal.objects.compare.Case.row;
import static io.cotidal.objects.compare.Case.tomb;
import static io.cotidal.objects.compare.Case.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.compare.Outcome.Copied;
import io.cotidal.objects.compare.Outcome.Deleted;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what is agreed on after a look, and after an act")
final class AgreementTest {
  private static final Agreement.Keep KEEP =
      new Agreement.Keep(SiteSet.of(0, 1), Duration.ofMillis(1));

  private static Optional<Agreed> after(@Nullable Agreed before, Case about, Outcome outcome) {
    return Agreement.after(before, about.verdict(), outcome, NOW);
  }

  @Test
  @DisplayName("an equal look is an agreement of those that could be read; others keep theirs")
  void seen() {
    Case both = Case.of(2).at(0, 10, "h").at(1, 10, "h");
    assertThat(Agreement.seen(both.meeting(), KEEP, NOW)).hasValue(alive(10, "h", 0, 1));
    Agreed old = alive(5, "g", 0, 1);
    Case one = Case.of(2).at(0, 10, "h").unknown(1).agreed(old);
    assertThat(Agreement.seen(one.meeting(), KEEP, NOW))
        .hasValue(with(alive(10, "h", 0), before(1, 5)));
    Agreed same = alive(10, "h", 0, 1);
    assertThat(Agreement.seen(one.agreed(same).meeting(), KEEP, NOW).orElseThrow()).isSameAs(same);
  }

  @Test
  @DisplayName("a tombstone stays until all have confirmed it, and for its time at least")
  void buried() {
    Agreed tomb = with(tomb(20, 0), before(1, 10));
    assertThat(Agreement.seen(Case.of(2).unknown(1).agreed(tomb).meeting(), KEEP, NOW))
        .hasValue(tomb);
    assertThat(Agreement.seen(Case.of(2).agreed(tomb).meeting(), KEEP, new Timestamp(999)))
        .hasValue(tomb(20, 0, 1));
    assertThat(Agreement.seen(Case.of(2).agreed(tomb).meeting(), KEEP, NOW)).isEmpty();
    assertThat(
            Agreement.seen(Case.of(2).unknown(1).agreed(tomb).meeting(), KEEP, new Timestamp(9999)))
        .hasValue(tomb);
  }

  @Test
  @DisplayName("a copy is agreed on where it is confirmed, and nowhere else")
  void copied() {
    Agreed old = alive(10, "h", 0, 1, 2);
    Case about = Case.of(3).at(0, 20, "n").at(1, 10, "h").at(2, 10, "h").agreed(old);
    assertThat(after(old, about, Outcome.NOTHING)).hasValue(old);
    assertThat(after(old, about, new Copied(row(20, "n"), SiteSet.NONE, SiteSet.NONE)))
        .hasValue(old);
    assertThat(after(old, about, Outcome.copied((Verdict.Copy) about.verdict(), SiteSet.of(1))))
        .hasValue(with(alive(20, "n", 0, 1), before(2, 10)));
    assertThat(after(null, Case.of(2).at(0, 20, "n"), Outcome.NOTHING)).isEmpty();
    assertThat(after(old, about, new Copied(row(25, "m"), SiteSet.of(0, 1), SiteSet.NONE)))
        .as("the source had a later one by then")
        .hasValue(with(alive(25, "m", 0, 1), before(2, 10)));
  }

  @Test
  @DisplayName("a site that could not be read keeps what it had")
  void copiedWhileUnknown() {
    Agreed old = alive(10, "h", 0, 2);
    Case about = Case.of(3).at(0, 10, "h").unknown(2).agreed(old);
    assertThat(after(old, about, Outcome.copied((Verdict.Copy) about.verdict(), SiteSet.of(1))))
        .hasValue(alive(10, "h", 0, 1, 2));
  }

  @Test
  @DisplayName("an agreement never goes back to an older object")
  void onlyForward() {
    Agreed old = with(alive(20, "n", 0), before(1, 10), before(2, 10));
    Case about = Case.of(3).at(1, 15, "w").at(2, 10, "h").unknown(0).agreed(old);
    assertThat(after(old, about, Outcome.copied((Verdict.Copy) about.verdict(), SiteSet.of(2))))
        .hasValue(with(alive(20, "n", 0), before(1, 14), before(2, 15)));
    assertThat(after(old, about, new Copied(row(15, "w"), SiteSet.of(1, 2), SiteSet.of(2))))
        .as("a deletion that is later than the older one says nothing about the latest")
        .hasValue(with(alive(20, "n", 0), before(1, 14), before(2, 15)));
  }

  @Test
  @DisplayName(
      "a deletion is agreed on where it is confirmed; the others may still have the object")
  void deleted() {
    Agreed old = alive(10, "h", 0, 1, 2);
    Case about = Case.of(3).at(1, 10, "h").unknown(2).agreed(old);
    assertThat(after(old, about, new Deleted(SiteSet.NONE))).hasValue(old);
    assertThat(after(old, about, Outcome.NOTHING)).hasValue(old);
    Agreed tomb = after(old, about, new Deleted(SiteSet.of(0))).orElseThrow();
    assertThat(tomb.gone()).isTrue();
    assertThat(tomb.written()).isEqualTo(new Timestamp(11));
    assertThat(tomb.since()).isEqualTo(NOW);
    assertThat(tomb.held()).isEqualTo(SiteSet.of(0));
    assertThat(tomb.earlier()).containsExactly(before(1, 10), before(2, 10));
    Agreed confirmed = tomb(20, 0, 1);
    Case late = Case.of(2).at(1, 19, "o").agreed(confirmed);
    assertThat(after(confirmed, late, new Deleted(SiteSet.of(1))).orElseThrow().held())
        .isEqualTo(SiteSet.of(0, 1));
  }

  @Test
  @DisplayName("after a tombstone nobody misses the object that was before it")
  void reborn() {
    Agreed tomb = with(tomb(20, 0), before(1, 10));
    Case about = Case.of(3).at(0, 30, "n").unknown(1).agreed(tomb);
    Agreed row =
        after(tomb, about, Outcome.copied((Verdict.Copy) about.verdict(), SiteSet.of(2)))
            .orElseThrow();
    assertThat(row).isEqualTo(with(alive(30, "n", 0, 2), new Earlier(1, new Timestamp(10), false)));
    assertThat(Case.of(3).at(0, 30, "n").at(2, 30, "n").agreed(row).says())
        .as("it is copied, and no deletion is overruled")
        .isEqualTo("copy 30 {0,2}>{1}");
  }

  @Test
  @DisplayName("a later deletion, proven by a refusal, dooms the object, and the next look says so")
  void deletedLater() {
    Case about = Case.of(3).at(0, 30, "n");
    Copied refused = new Copied(row(30, "n"), SiteSet.of(0, 2), SiteSet.of(1));
    Agreed tomb = after(null, about, refused).orElseThrow();
    assertThat(tomb.gone()).isTrue();
    assertThat(tomb.written()).isEqualTo(new Timestamp(31));
    assertThat(Case.of(3).at(0, 30, "n").at(2, 30, "n").agreed(tomb).says())
        .isEqualTo("delete {0,2} 31 loses [0:30]");
    assertThat(after(null, Case.of(3).at(0, 30, "n").joining(1), refused))
        .as("not if the site joins")
        .hasValue(alive(30, "n", 0, 2));
  }

  @Test
  @DisplayName("of a tie beside a later one, what won stays unheard where it was written")
  void tieAside() {
    Agreed later = alive(40, "n", 0);
    Case tie = Case.of(3).unknown(0).at(1, 20, "b").at(2, 20, "a").agreed(later);
    assertThat(tie.says()).isEqualTo("copy 21 {1}>{2} loses [2:20]");
    Agreed first =
        after(later, tie, Outcome.copied(((Verdict.Conflict) tie.verdict()).copy(), SiteSet.of(2)))
            .orElseThrow();
    Case next = Case.of(3).unknown(0).at(1, 20, "b").at(2, 21, "b").agreed(first);
    assertThat(next.says()).isEqualTo("copy 21 {2}>{1} posts {1}");
    Agreed second =
        after(first, next, Outcome.copied((Verdict.Copy) next.verdict(), SiteSet.of(1)))
            .orElseThrow();
    Case gone = Case.of(3).at(1, 21, "b").at(2, 21, "b").agreed(second);
    assertThat(gone.says()).isEqualTo("delete {1,2} 41 if {0} loses [1:21] braked");
  }

  @Test
  @DisplayName("of a tie only those that got the new time have it")
  void tie() {
    Case about = Case.of(2).at(0, 20, "a").at(1, 20, "b");
    Verdict.Conflict conflict = (Verdict.Conflict) about.verdict();
    assertThat(after(null, about, Outcome.copied(conflict.copy(), SiteSet.of(0))))
        .hasValue(Agreed.alive(row(21, "b"), SiteSet.of(0), List.of()));
  }
}
