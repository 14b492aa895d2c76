package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Overruled.Sort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("how a container becomes the same at all its sites")
final class ConvergenceTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");
  private static final MemberId C = new MemberId("c");
  private static final String META = "x-container-meta-a";

  private final World world = new World(3);

  private static List<String> sentences(Decision decision) {
    return decision.acts().stream().map(Act::sentence).toList();
  }

  private void everywhere() {
    world.create(A, "1");
    world.settle("everywhere");
    assertThat(world.shown()).hasSize(1);
  }

  private Decision decide(Map<MemberId, Timestamp> stamps, Policies policies) {
    Situation given = world.situation();
    return Convergence.decide(
        new Situation(
            given.name(),
            given.placed(),
            given.looks(),
            given.agreed(),
            new Situation.Hints(stamps, given.hints().contents()),
            new Situation.Terms(
                given.terms().now(), World.TOMBSTONES, new Secret("fresh"), policies)));
  }

  @Test
  @DisplayName("a new container is made at the others first, its key set where it came from last")
  void made() {
    world.create(B, "1");
    Decision decision = world.pass(-1);
    assertThat(sentences(decision))
        .containsExactly("create it at a", "create it at c", "bring it up to date at b");
    assertThat(decision.acts().toString() + decision).doesNotContain("fresh0");
    assertThat(world.copies.get(A).headers)
        .containsEntry("x-container-sync-key", "fresh0")
        .containsEntry(META, "1");
    assertThat(world.copies.get(B).headers).containsEntry("x-container-sync-key", "fresh0");
    assertThat(world.pass(-1).settled()).isTrue();
  }

  @Test
  @DisplayName(
      "a key that is taken is used everywhere; a new one at one site follows at the others")
  void keys() {
    everywhere();
    assertThat(world.shown()).hasSize(1);
    world.edit(B, "x-container-sync-key", "rotated");
    world.settle("rotated");
    for (MemberId site : world.sites) {
      assertThat(world.copies.get(site).headers).containsEntry("x-container-sync-key", "rotated");
    }
    assertThat(world.ledger).isEmpty();
    world.edit(B, "x-container-sync-key", "");
    world.settle("removed");
    assertThat(world.copies.get(B).headers).containsEntry("x-container-sync-key", "rotated");
    world.edit(A, "x-container-sync-key", "one");
    world.edit(B, "x-container-sync-key", "two");
    world.settle("both");
    assertThat(world.copies.get(C).headers).containsEntry("x-container-sync-key", "one");
    assertThat(world.ledger)
        .extracting(Overruled::sentence)
        .containsExactly("the sync key of a holds, that of b does not");
  }

  @Test
  @DisplayName("no second key is made while a site that may have the first cannot be read")
  void oneKey() {
    everywhere();
    world.cut.add(C);
    world.edit(A, "x-container-sync-key", "");
    world.edit(B, "x-container-sync-key", "");
    Decision decision = world.pass(-1);
    assertThat(sentences(decision)).containsExactly("wait at c: it does not answer");
    world.cut.clear();
    world.settle("healed");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.copies.get(A).headers).containsEntry("x-container-sync-key", "fresh0");
  }

  @Test
  @DisplayName("objects/S1: what is removed at one site is removed at the others")
  void removed() {
    everywhere();
    world.edit(B, META, "");
    world.edit(B, "x-container-read", ".r:*");
    Decision decision = world.pass(-1);
    assertThat(sentences(decision))
        .containsExactly("bring it up to date at a", "bring it up to date at c");
    assertThat(world.copies.get(C).headers)
        .doesNotContainKey(META)
        .containsEntry("x-container-read", ".r:*");
  }

  @Test
  @DisplayName(
      "objects/S9: of two changes in a partition the last stamped holds, else the first site's")
  void conflict() {
    everywhere();
    world.edit(B, META, "b");
    world.edit(C, META, "c");
    Timestamp early = new Timestamp(5);
    for (Map<MemberId, Timestamp> stamps :
        List.of(
            Map.of(C, early), Map.of(B, early, C, early.next()), Map.<MemberId, Timestamp>of())) {
      Decision decision = decide(stamps, new Policies(new TreeMap<>()));
      MemberId winner = stamps.isEmpty() ? B : C;
      MemberId loser = stamps.isEmpty() ? C : B;
      assertThat(decision.overruled()).hasSize(1);
      Overruled lost = decision.overruled().getFirst();
      assertThat(lost.sentence())
          .isEqualTo("the change at %s holds, that at %s does not".formatted(winner, loser));
      assertThat(lost.lost().orElseThrow().shown()).containsEntry(META, loser.name());
      assertThat(lost.won().orElseThrow().shown()).containsEntry(META, winner.name());
    }
    world.settle("conflict");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.ledger).as("told once").hasSize(1);
  }

  @Test
  @DisplayName("a site that was away follows, and what was changed there meanwhile is a conflict")
  void away() {
    everywhere();
    world.cut.add(C);
    world.edit(A, META, "2");
    world.settle("without c");
    world.cut.clear();
    Decision decision = world.pass(-1);
    assertThat(sentences(decision)).containsExactly("bring it up to date at c");
    assertThat(world.ledger).isEmpty();
    world.cut.add(C);
    world.edit(A, META, "3");
    world.settle("without c again");
    world.edit(C, META, "c");
    world.cut.clear();
    world.settle("healed");
    assertThat(world.ledger)
        .extracting(Overruled::sentence)
        .containsExactly("the change at a holds, that at c does not");
  }

  @Test
  @DisplayName("what only a site has that cannot be read is waited for, not taken back")
  void newestAway() {
    everywhere();
    world.cut.addAll(Set.of(B, C));
    world.edit(A, META, "2");
    world.pass(-1);
    world.cut.clear();
    world.cut.add(A);
    assertThat(sentences(world.pass(-1)))
        .containsExactly(
            "wait at b: the newest state is at a, which cannot be read",
            "wait at c: the newest state is at a, which cannot be read",
            "wait at a: it does not answer");
    world.edit(B, META, "b");
    world.settle("without a");
    assertThat(world.copies.get(C).headers).containsEntry(META, "b");
    assertThat(world.ledger)
        .extracting(Overruled::sentence)
        .containsExactly("the change at b holds, that at a does not");
  }

  @Test
  @DisplayName("a deletion goes everywhere, at a site that was away later, and is then forgotten")
  void deletion() {
    everywhere();
    world.cut.add(C);
    world.delete(A);
    assertThat(sentences(world.pass(-1)))
        .containsExactly("delete it at b", "wait at c: it does not answer");
    world.now += World.TOMBSTONES.toSeconds() * 200_000;
    world.pass(-1);
    assertThat(world.agreed).as("c has not confirmed").isPresent();
    world.cut.clear();
    assertThat(sentences(world.pass(-1))).containsExactly("delete it at c");
    world.pass(-1);
    assertThat(world.shown()).containsExactly("absent");
    assertThat(world.agreed).isEmpty();
    assertThat(world.ledger).isEmpty();
  }

  @Test
  @DisplayName("a site that cannot be read has deleted nothing")
  void unknownIsNotAbsent() {
    everywhere();
    world.delete(A);
    world.cut.add(A);
    assertThat(sentences(world.pass(-1))).containsExactly("wait at a: it does not answer");
  }

  @Test
  @DisplayName("objects that were deleted there go first, then the container")
  void drained() {
    everywhere();
    world.copies.get(A).objects.addAll(Set.of("one", "two"));
    world.settle("objects");
    world.copies.get(A).objects.clear();
    world.delete(A);
    assertThat(sentences(world.pass(-1)))
        .containsExactly(
            "delete 2 objects at b that were deleted elsewhere",
            "delete 2 objects at c that were deleted elsewhere");
    assertThat(sentences(world.pass(-1))).containsExactly("delete it at b", "delete it at c");
  }

  @Test
  @DisplayName("objects/S6: an object that had not come to where it was deleted brings it back")
  void addWins() {
    everywhere();
    world.copies.get(B).objects.add("late");
    world.delete(A);
    Decision decision = world.pass(-1);
    assertThat(sentences(decision))
        .containsExactly("create it at a again: somebody wrote to it elsewhere");
    assertThat(world.ledger)
        .extracting(Overruled::sentence)
        .containsExactly("deleted at a, but written to at b: it stays");
    world.settle("back");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.copies.get(A).objects).containsExactly("late");
  }

  @Test
  @DisplayName("also if that comes to light when the others have deleted it already")
  void addWinsLate() {
    everywhere();
    world.cut.add(C);
    world.copies.get(C).objects.add("late");
    world.delete(A);
    world.settle("without c");
    assertThat(world.copies).containsOnlyKeys(C);
    world.cut.clear();
    world.settle("back");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.copies.get(B).objects).containsExactly("late");
    assertThat(world.ledger).hasSize(2).allMatch(each -> each.sort() == Sort.DELETION);
  }

  @Test
  @DisplayName("nothing is deleted before its objects have been compared")
  void notCompared() {
    everywhere();
    world.copies.get(B).objects.add("one");
    world.delete(A);
    Situation given = world.situation();
    Decision decision =
        Convergence.decide(
            new Situation(
                given.name(),
                given.placed(),
                given.looks(),
                given.agreed(),
                Situation.Hints.NONE,
                given.terms()));
    assertThat(sentences(decision))
        .containsExactly(
            "wait at b: it was deleted elsewhere, and its objects have not been compared yet");
    assertThat(decision.agreed()).isEqualTo(world.agreed);
  }

  @Test
  @DisplayName("a container put again while it was deleted elsewhere stays")
  void putAgain() {
    everywhere();
    world.settle("seen");
    world.delete(A);
    world.create(B, "1");
    world.settle("put again");
    assertThat(world.shown()).hasSize(1).doesNotContain("absent");
    assertThat(world.ledger).extracting(Overruled::sort).containsExactly(Sort.DELETION);
  }

  @Test
  @DisplayName("made again after a deletion it has nothing of the old one")
  void anew() {
    everywhere();
    world.edit(A, "x-container-meta-old", "old");
    world.settle("more");
    world.cut.add(C);
    world.delete(A);
    world.settle("deleted");
    world.create(B, "new");
    world.settle("anew");
    world.cut.clear();
    world.settle("healed");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.copies.get(C).headers)
        .containsEntry(META, "new")
        .doesNotContainKey("x-container-meta-old");
  }

  @Test
  @DisplayName("a write of ours that was done and not noted is no client's: a deletion goes on")
  void ownWrite() {
    everywhere();
    world.edit(A, META, "2");
    world.pass(1);
    assertThat(world.copies.get(B).headers).containsEntry(META, "2");
    world.delete(A);
    assertThat(sentences(world.pass(-1))).containsExactly("delete it at b", "delete it at c");
    assertThat(world.ledger).isEmpty();
  }

  @Test
  @DisplayName("what was to be made and was not is no deletion")
  void notMade() {
    world.create(B, "1");
    world.pass(0);
    assertThat(world.copies).containsOnlyKeys(B);
    world.settle("made later");
    assertThat(world.shown()).hasSize(1).doesNotContain("absent");
    assertThat(world.ledger).isEmpty();
  }

  @Test
  @DisplayName("a deletion of ours that was done and not noted does not delete what is made anew")
  void ownDeletion() {
    everywhere();
    world.delete(A);
    world.pass(1);
    assertThat(world.copies).containsOnlyKeys(C);
    world.cut.add(B);
    world.create(A, "new");
    world.settle("anew");
    world.cut.clear();
    world.settle("healed");
    assertThat(world.shown()).hasSize(1);
    assertThat(world.copies.get(B).headers).containsEntry(META, "new");
  }

  @Test
  @DisplayName("a site that is not placed any more deletes nothing by its absence")
  void withdrawn() {
    everywhere();
    world.agreed = world.agreed.map(agreed -> agreed.without(C));
    world.delete(C);
    assertThat(sentences(world.pass(-1))).containsExactly("create it at c");
  }

  @Test
  @DisplayName("policies: another name is translated, another policy is told once and stays")
  void policies() {
    world.create(A, "1");
    world.create(B, "1");
    world.copies.get(B).headers.put("x-storage-policy", "ssd");
    Policies policies = new Policies(new TreeMap<>(Map.of(C, Map.of("gold", "or"))));
    Decision decision = decide(Map.of(), policies);
    assertThat(decision.acts())
        .filteredOn(act -> act instanceof Act.Create)
        .singleElement()
        .satisfies(act -> assertThat(((Act.Create) act).policy()).isEqualTo("or"));
    assertThat(decision.overruled())
        .extracting(Overruled::sentence)
        .containsExactly("its storage policy at b is not that of a, and cannot be changed");
    world.settle("clash");
    assertThat(world.ledger).as("told once").hasSize(1);
    Policies both =
        new Policies(new TreeMap<>(Map.of(B, Map.of("gold", "ssd"), C, Map.of("gold", "or"))));
    assertThat(both.translated("gold", A, B)).isEqualTo("ssd");
    assertThat(both.translated("ssd", B, A)).isEqualTo("gold");
    assertThat(both.translated("ssd", B, C)).isEqualTo("or");
    assertThat(both.translated("tin", A, C)).isEqualTo("tin");
  }

  @Test
  @DisplayName("versions wait where Swift's own synchronisation sends the container somewhere")
  void sending() {
    everywhere();
    world.edit(B, "x-container-sync-to", "//realm/a/AUTH_test/c");
    world.settle("a target is its own affair");
    assertThat(world.copies.get(A).headers).doesNotContainKey("x-container-sync-to");
    world.edit(A, "x-versions-enabled", "true");
    assertThat(sentences(world.pass(-1)))
        .containsExactly(
            "bring it up to date at c",
            "wait at b: versions cannot be switched on while X-Container-Sync-To is set there;"
                + " remove that first");
  }
}
