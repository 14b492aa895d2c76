package io.cotidal.objects.compare;

import static io.cotidal.objects.compare.Case.alive;
import static io.cotidal.objects.compare.Case.before;
import static io.cotidal.objects.compare.Case.tomb;
import static io.cotidal.objects.compare.Case.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the verdict on one name")
final class DecisionTest {
  private static Case two() {
    return Case.of(2);
  }

  private static Case three() {
    return Case.of(3);
  }

  @Test
  @DisplayName("what is the same everywhere is equal, agreed before or not")
  void equal() {
    assertThat(two().at(0, 10, "h").at(1, 10, "h").says()).isEqualTo("equal");
    assertThat(two().at(0, 10, "h").at(1, 10, "h").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("equal");
    assertThat(two().at(0, 10, "h").at(1, 10, "h").agreed(alive(5, "g", 0, 1)).says())
        .isEqualTo("equal");
  }

  @Test
  @DisplayName("what one site has never had comes to it, from all that have it")
  void copies() {
    assertThat(two().at(0, 10, "h").says()).isEqualTo("copy 10 {0}>{1}");
    assertThat(three().at(0, 10, "h").at(2, 10, "h").says()).isEqualTo("copy 10 {0,2}>{1}");
    assertThat(three().at(0, 10, "h").at(2, 10, "h").agreed(alive(10, "h", 0, 2)).says())
        .isEqualTo("copy 10 {0,2}>{1}");
  }

  @Test
  @DisplayName("a write after the agreement comes to the others, and nothing is lost")
  void updates() {
    assertThat(two().at(0, 20, "n").at(1, 10, "h").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("copy 20 {0}>{1}");
  }

  @Test
  @DisplayName("the same content under another time is metadata, and a copy of them")
  void metadata() {
    assertThat(two().at(0, 20, "h").at(1, 10, "h").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("copy 20 {0}>{1} posts {1}");
    assertThat(two().at(0, 20, "h").at(1, 15, "h").agreed(alive(10, "h", 0, 1)).says())
        .as("both were posted to")
        .isEqualTo("copy 20 {0}>{1} posts {1} loses [1:15]");
    assertThat(two().at(0, 20, "h").at(1, 15, "h").says())
        .as("equal contents that meet for the first time are no loss")
        .isEqualTo("copy 20 {0}>{1} posts {1}");
  }

  @Test
  @DisplayName("objects/S17: an older version is the same whenever a site set it aside")
  void setAside() {
    assertThat(two().version(0, 30, "h", false).version(1, 10, "h", false).says())
        .isEqualTo("equal");
    assertThat(two().version(0, 30, "h", false).version(1, 10, "h", true).says())
        .as("one does not have the next one yet")
        .isEqualTo("equal");
    assertThat(two().version(0, 30, "h", true).version(1, 10, "h", true).says())
        .as("the metadata of the current one were changed")
        .isEqualTo("copy 30 {0}>{1} posts {1}");
    assertThat(two().version(0, 30, "h", false).version(1, 10, "i", false).says())
        .as("another content")
        .isEqualTo("copy 30 {0}>{1} loses [1:10]");
    assertThat(three().version(0, 30, "h", false).version(1, 10, "h", false).says())
        .isEqualTo("copy 30 {0,1}>{2}");
  }

  @Test
  @DisplayName("objects/S9: of two writes the later stays, and the other one is told of")
  void conflicts() {
    assertThat(two().at(0, 20, "a").at(1, 21, "b").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("copy 21 {1}>{0} loses [0:20]");
    assertThat(two().at(0, 20, "a").at(1, 21, "b").says())
        .isEqualTo("copy 21 {1}>{0} loses [0:20]");
    assertThat(three().at(0, 20, "a").at(1, 21, "b").at(2, 22, "c").says())
        .isEqualTo("copy 22 {2}>{0,1} loses [0:20, 1:21]");
    assertThat(
            three()
                .at(0, 20, "a")
                .at(1, 21, "b")
                .at(2, 10, "h")
                .agreed(alive(10, "h", 0, 1, 2))
                .says())
        .as("what was agreed on is no loss")
        .isEqualTo("copy 21 {1}>{0,2} loses [0:20]");
  }

  @Test
  @DisplayName("of two writes at the same moment that with the greater hash stays, a step later")
  void ties() {
    assertThat(two().at(0, 20, "a").at(1, 20, "b").says())
        .isEqualTo("copy 21 {1}>{0} loses [0:20]");
    assertThat(two().at(0, 20, "b").at(1, 20, "a").says())
        .isEqualTo("copy 21 {0}>{1} loses [1:20]");
    assertThat(two().at(0, 21, "b").at(1, 20, "b").agreed(alive(21, "b", 0)).says())
        .as("and then the time follows")
        .isEqualTo("copy 21 {0}>{1} posts {1}");
    assertThat(three().at(0, 20, "a").at(1, 20, "b").says())
        .isEqualTo("copy 21 {1}>{0,2} loses [0:20]");
  }

  @Test
  @DisplayName("a deletion since the agreement is carried on, a step after what was agreed on")
  void deletions() {
    assertThat(two().at(1, 10, "h").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("delete {1} 11 if {0} braked");
    assertThat(three().at(1, 10, "h").agreed(alive(10, "h", 0, 1, 2)).says())
        .isEqualTo("delete {1} 11 if {0,2} braked");
    assertThat(two().agreed(alive(10, "h", 0, 1)).says())
        .as("deleted at both")
        .isEqualTo("delete {} 11 if {0,1}");
  }

  @Test
  @DisplayName("a write wins over a deletion of what was before, and the deletion is told of")
  void writeOverDeletion() {
    assertThat(two().at(1, 11, "n").agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("copy 11 {1}>{0} loses [0:deletion]");
    assertThat(three().at(1, 50, "n").at(2, 10, "h").agreed(alive(10, "h", 0, 1, 2)).says())
        .isEqualTo("copy 50 {1}>{0,2} loses [0:deletion]");
  }

  @Test
  @DisplayName("a deletion of an earlier object says nothing about the one of now")
  void deletionOfEarlier() {
    assertThat(
            three()
                .at(0, 20, "n")
                .at(1, 20, "n")
                .agreed(with(alive(20, "n", 0, 1), before(2, 10)))
                .says())
        .isEqualTo("copy 20 {0,1}>{2} loses [2:deletion]");
    assertThat(three().at(1, 20, "n").agreed(with(alive(20, "n", 0, 1), before(2, 10))).says())
        .isEqualTo("delete {1} 21 if {0} braked");
  }

  @Test
  @DisplayName("a write that nobody has seen goes with a deletion only if it is told of")
  void unseenWithDeletion() {
    assertThat(three().at(2, 15, "w").agreed(with(alive(20, "n", 0, 1), before(2, 10))).says())
        .isEqualTo("delete {2} 21 if {0,1} loses [2:15] braked");
    assertThat(three().at(2, 10, "h").agreed(with(alive(20, "n", 0, 1), before(2, 10))).says())
        .isEqualTo("delete {2} 21 if {0,1} braked");
  }

  @Test
  @DisplayName(
      "a site that cannot be read is neither source nor aim, and its absence is no deletion")
  void unknown() {
    assertThat(three().at(0, 10, "h").unknown(2).says()).isEqualTo("copy 10 {0}>{1}");
    assertThat(two().at(0, 10, "h").unknown(1).agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("equal");
    assertThat(two().unknown(0).agreed(alive(10, "h", 0)).says())
        .as("it was never at the other one")
        .isEqualTo("hold WAITS_FOR_SITE");
    assertThat(two().unknown(0, 1).agreed(alive(10, "h", 0, 1)).says())
        .isEqualTo("hold WAITS_FOR_SITE");
    assertThat(two().unknown(1).agreed(alive(10, "h", 0, 1)).says())
        .as("deleted at one: it will go at the other, so it counts")
        .isEqualTo("delete {} 11 if {0} braked");
    assertThat(three().at(1, 10, "h").unknown(2).agreed(alive(10, "h", 0, 1, 2)).says())
        .isEqualTo("delete {1} 11 if {0} braked");
  }

  @Test
  @DisplayName(
      "while the latest is at a site that cannot be read, older ones neither go nor spread")
  void latestElsewhere() {
    Agreed row = with(alive(20, "n", 0), before(1, 10), before(2, 10));
    assertThat(three().at(1, 10, "h").at(2, 10, "h").unknown(0).agreed(row).says())
        .isEqualTo("hold WAITS_FOR_SITE");
    assertThat(three().at(1, 10, "h").unknown(0).agreed(row).says())
        .as("deleted there, and perhaps again written at the first")
        .isEqualTo("hold WAITS_FOR_SITE");
    assertThat(three().at(1, 15, "w").at(2, 10, "h").unknown(0).agreed(row).says())
        .as("a write of now comes to the one that can be reached")
        .isEqualTo("copy 15 {1}>{2}");
    assertThat(two().at(0, 10, "h").at(1, 10, "h").agreed(alive(20, "n", 0, 1)).says())
        .as("both have confirmed a later one")
        .isEqualTo("hold LISTING_BEHIND");
  }

  @Test
  @DisplayName("a late old copy of what is agreed to be gone is deleted, a later write is new")
  void tombstones() {
    assertThat(two().agreed(tomb(20, 0, 1)).says()).isEqualTo("equal");
    assertThat(two().at(1, 19, "h").agreed(tomb(20, 0, 1)).says()).isEqualTo("delete {1} 20");
    assertThat(two().at(1, 20, "h").agreed(tomb(20, 0, 1)).says()).isEqualTo("delete {1} 21");
    assertThat(two().at(1, 21, "h").agreed(tomb(20, 0, 1)).says()).isEqualTo("copy 21 {1}>{0}");
    assertThat(three().at(1, 21, "n").at(2, 10, "h").agreed(tomb(20, 0, 1, 2)).says())
        .isEqualTo("copy 21 {1}>{0,2}");
    assertThat(two().at(1, 19, "o").agreed(tomb(20, 0, 1)).says())
        .as("its listing lagged when it seemed to have nothing")
        .isEqualTo("delete {1} 20 loses [1:19]");
    assertThat(two().at(1, 15, "w").agreed(with(tomb(20, 0), before(1, 10))).says())
        .as("written before the deletion, and never seen")
        .isEqualTo("delete {1} 20 loses [1:15]");
    assertThat(two().at(1, 10, "w").agreed(with(tomb(20, 0), before(1, 10))).says())
        .isEqualTo("delete {1} 20");
    assertThat(two().at(1, 10, "w").unknown(0).agreed(tomb(20, 0)).says())
        .isEqualTo("delete {1} 20 loses [1:10]");
  }

  @Test
  @DisplayName("objects/S11: what is written later than now is left alone, to the limit exactly")
  void future() {
    assertThat(two().at(0, 1_101, "h").says()).isEqualTo("hold FROM_THE_FUTURE");
    assertThat(two().at(0, 1_100, "h").says()).isEqualTo("copy 1100 {0}>{1}");
    assertThat(two().at(0, 1_101, "h").at(1, 1_101, "h").says()).isEqualTo("equal");
    assertThat(two().at(1, 10, "h").agreed(alive(10, "h", 0, 1)).says()).startsWith("delete");
  }

  @Test
  @DisplayName("a site that is left gives, deletes, and gets nothing")
  void leaving() {
    assertThat(two().at(0, 10, "h").leaving(0).says()).isEqualTo("copy 10 {0}>{1}");
    assertThat(two().at(1, 10, "h").leaving(0).says()).isEqualTo("equal");
    assertThat(two().at(1, 10, "h").agreed(alive(10, "h", 0, 1)).leaving(0).says())
        .isEqualTo("delete {1} 11 if {0} braked");
    assertThat(two().at(0, 10, "h").agreed(tomb(20, 1)).leaving(0).says())
        .startsWith("delete {0} 20");
  }

  @Test
  @DisplayName("a site that joins is said to, so that deletions of a former life are none")
  void joining() {
    assertThat(two().at(0, 10, "h").joining(1).says()).isEqualTo("copy 10 {0}>{1} joining {1}");
    assertThat(two().at(0, 10, "h").joining(0).says()).isEqualTo("copy 10 {0}>{1}");
  }

  @Test
  @DisplayName(
      "what only a site that joins shows, whose listing may lag, waits for one that has confirmed it")
  void joinsAlone() {
    Agreed confirmed = alive(10, "h", 0);
    Case alone = three().unknown(0).at(2, 10, "h").agreed(confirmed).joining(1, 2);
    assertThat(alone.says()).isEqualTo("hold WAITS_FOR_SITE");
    assertThat(three().unknown(0, 1).at(2, 10, "h").agreed(confirmed).joining(2).says())
        .as("it would be agreed on there, and its absence be a deletion")
        .isEqualTo("hold WAITS_FOR_SITE");
    assertThat(three().at(0, 10, "h").at(2, 10, "h").agreed(confirmed).joining(1, 2).says())
        .isEqualTo("copy 10 {0}>{1,2} posts {2} joining {1,2}");
    assertThat(three().unknown(0).at(2, 12, "n").agreed(confirmed).joining(1, 2).says())
        .as("a new write is one")
        .isEqualTo("copy 12 {2}>{1} joining {1}");
  }

  @Test
  @DisplayName("a verdict says what it saw where it overwrites or deletes")
  void over() {
    Verdict.Copy copy =
        (Verdict.Copy) three().at(0, 20, "n").at(1, 10, "h").agreed(alive(10, "h", 0, 1)).verdict();
    assertThat(copy.over()).containsExactly(new Verdict.Over(1, new Timestamp(10)));
    Verdict.Delete delete =
        (Verdict.Delete) two().at(1, 10, "h").agreed(alive(10, "h", 0, 1)).verdict();
    assertThat(delete.over()).containsExactly(new Verdict.Over(1, new Timestamp(10)));
    Verdict.Conflict conflict =
        (Verdict.Conflict) two().at(1, 11, "n").agreed(alive(10, "h", 0, 1)).verdict();
    assertThat(conflict.verify()).isEqualTo(SiteSet.of(0));
  }

  @Test
  @DisplayName("after a new placement, whose hash nobody knows, nothing is taken for a new write")
  void unknownHash() {
    Agreed row = with(alive(20, "n", 0), before(1, 10), before(2, 10));
    Agreed moved = Agreement.moved(row, new int[] {-1, 0, 1}).orElseThrow();
    assertThat(moved.held()).isEqualTo(SiteSet.of(0, 1));
    assertThat(moved.written()).isEqualTo(new Timestamp(10));
    assertThat(two().at(0, 10, "h").agreed(moved).says()).isEqualTo("delete {0} 11 if {1} braked");
    assertThat(Agreement.moved(alive(10, "h", 0), new int[] {-1, 0})).isEmpty();
    assertThat(Agreement.moved(tomb(10, 0), new int[] {-1, 0})).isPresent();
    assertThat(
            Agreement.moved(
                with(tomb(10, 1), new Earlier(0, new Timestamp(4), true)), new int[] {2, 0}))
        .hasValue(with(tomb(10, 0), new Earlier(2, new Timestamp(4), true)));
  }

  @Test
  @DisplayName("nothing is decided about nothing, nor on a row of a site that was not read")
  void nonsense() {
    assertThatThrownBy(() -> two().says()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> two().at(1, 10, "h").unknown(1).says())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(List.of(SiteSet.of(0, 3).toString(), SiteSet.NONE.toString()))
        .containsExactly("{0,3}", "{}");
  }

  @Test
  @DisplayName("the brake lets through few, or a small share, or what is approved")
  void brake() {
    Brake brake = new Brake(10, 0.3, 0);
    assertThat(brake.open(10, 10)).isTrue();
    assertThat(brake.open(11, 20)).isFalse();
    assertThat(brake.open(30, 100)).isTrue();
    assertThat(brake.open(31, 100)).isFalse();
    assertThat(new Brake(10, 0.3, 31).open(31, 100)).isTrue();
    assertThat(new Brake(10, 0.3, 31).open(32, 100)).isFalse();
  }
}
