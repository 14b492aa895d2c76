package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is wanted, in which situation, and what comes of it. */
@Timeout(30)
class PlannerTest {
  private static final Subject PARCELS = Paper.layer("parcels");
  private static final Subject SITES = new Subject(Sort.WORKSPACE, "sites", "");

  private static Desk desk(Paper.Manner manner, Thing... things) {
    Desk desk = new Desk(Paper.spec(manner), null);
    desk.replica.commit(Paper.workspace("w")).commit(things);
    return desk.start();
  }

  private static Desk settled(Paper.Manner manner, Thing... things) {
    return desk(manner, things).settle().whole();
  }

  private static Desk plain(Thing... things) {
    return settled(Paper.Manner.PLAIN, things);
  }

  private static List<String> log(Desk desk) {
    return List.copyOf(desk.replica.log);
  }

  private static Thing[] layers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Paper.layer("t" + i, "d1", "f1"))
        .toArray(Thing[]::new);
  }

  private static Item row(Desk desk, Subject subject) {
    return Objects.requireNonNull(desk.row(subject));
  }

  private static PaperReplica.Server one(Desk desk) {
    return Objects.requireNonNull(desk.replica.servers.get(Paper.ONE));
  }

  private static PaperReplica.Server two(Desk desk) {
    return Objects.requireNonNull(desk.replica.servers.get(Paper.TWO));
  }

  private static long begun(Desk desk, String type) {
    return desk.store.operations().stream().filter(each -> each.type().equals(type)).count();
  }

  private static long writes(Desk desk) {
    return desk.store.operations().size();
  }

  @Test
  @DisplayName("feeds/S1: a new layer is loaded once, read once, told, and then nothing is done")
  void newLayer() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    assertThat(log(desk)).containsExactly("load sites.parcels d1", "swap sites.parcels d1");
    long before = writes(desk);
    desk.run(100);
    assertThat(writes(desk)).isEqualTo(before);
    desk.start().settle();
    assertThat(writes(desk)).as("by another owner too").isEqualTo(before);
  }

  @Test
  @DisplayName("a changed face is told, and the table is left alone; emptied tiles too")
  void faceOnly() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    List<String> log = log(desk);
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.settle().whole();
    desk.replica.commit(Paper.layer("parcels", "d1", "f2", "e1"));
    desk.settle().whole();
    assertThat(log(desk)).isEqualTo(log);
    assertThat(row(desk, PARCELS).facts().need(Jobs.EMPTIED)).isEqualTo("e1");
    assertThat(begun(desk, Publish.NAME)).isEqualTo(4);
  }

  @Test
  @DisplayName("changed data are loaded beside; data that are kept are only read again")
  void dataChanged() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.settle().whole();
    assertThat(log(desk))
        .containsExactly(
            "load sites.parcels d1",
            "swap sites.parcels d1",
            "load sites.parcels d2",
            "swap sites.parcels d2",
            "swap sites.parcels d1");
  }

  @Test
  @DisplayName("what is published is not done again before the next look, however many there are")
  void manyBeforeALook() {
    Desk desk = plain(layers(120));
    assertThat(desk.replica.log).hasSize(240).doesNotHaveDuplicates();
    assertThat(begun(desk, Publish.NAME)).isEqualTo(121);
  }

  @Test
  @DisplayName("feeds/S5: two commits during a publication: the newest wins, none is applied twice")
  void twoCommits() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    for (int boundary = 0; boundary < 12; boundary++) {
      String data = "a" + boundary;
      desk.replica.commit(Paper.layer("parcels", data, "f1"));
      desk.killAfter(boundary);
      try {
        desk.run(20);
      } catch (Desk.Killed end) {
        desk.replica.commit(Paper.layer("parcels", data + "x", "f1"));
        desk.replica.commit(Paper.layer("parcels", data + "y", "f2"));
        desk.killAfter(Integer.MAX_VALUE);
        desk.start();
      }
      desk.killAfter(Integer.MAX_VALUE);
      desk.settle().whole();
    }
    List<String> swaps = log(desk).stream().filter(each -> each.startsWith("swap ")).toList();
    assertThat(swaps).doesNotHaveDuplicates().noneMatch(each -> each.endsWith("x"));
  }

  @Test
  @DisplayName("feeds/S5: published and removed between two looks is removed; and the other way")
  void publishedAndRemoved() {
    Desk desk = plain();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(log(desk)).isEmpty();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.settle().whole();
    desk.replica.remove(PARCELS);
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).isZero();
  }

  @Test
  @DisplayName("feeds/S7: one GeoServer away: the table is loaded, and read when all answer")
  void awayTogether() {
    Desk desk = settled(Paper.Manner.TWO_TOGETHER, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.replica.commit(Paper.layer("parcels", "d2", "f2"));
    desk.run(200);
    assertThat(log(desk)).endsWith("load sites.parcels d2");
    assertThat(one(desk).prints).containsEntry(PARCELS.key(), "pf1");
    assertThat(desk.engine.state().open())
        .singleElement()
        .satisfies(open -> assertThat(open.note()).isEqualTo("two does not answer"));
    desk.replica.away.clear();
    desk.settle().whole();
    assertThat(log(desk)).hasSize(4);
  }

  @Test
  @DisplayName("feeds/S7: not together: who answers is told at once, the other when it is back")
  void awayApart() {
    Desk desk = settled(Paper.Manner.TWO_APART, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.run(30);
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.run(60);
    desk.replica.commit(Paper.layer("parcels", "d2", "f3"), Paper.layer("new", "d1", "f1"));
    desk.run(60);
    assertThat(log(desk)).contains("swap sites.parcels d2", "swap sites.new d1");
    assertThat(one(desk).prints).containsEntry(PARCELS.key(), "pf3");
    assertThat(two(desk).prints).containsEntry(PARCELS.key(), "pf1");
    assertThat(desk.replica.applied).isNotEqualTo(Optional.of(desk.replica.head()));
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S7: many that wait for a GeoServer hold up nobody who need not")
  void manyWait() {
    Desk desk = plain(layers(60));
    desk.replica.away.add(Paper.ONE);
    for (int i = 0; i < 60; i++) {
      desk.replica.commit(Paper.layer("t" + i, "d2", "f1"));
    }
    desk.run(60);
    long waiting =
        desk.engine.state().open().filter(each -> each.state() == OperationState.WAITING).count();
    assertThat(waiting).isEqualTo(Planner.SIDE_BY_SIDE);
    desk.replica.commit(Paper.roles("o1"));
    desk.run(30);
    assertThat(row(desk, new Subject(Sort.ROLES, "roles", "")).is(Jobs.PUBLISHED)).isTrue();
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("no more is worked on at once than is allowed")
  void sideBySide() {
    Desk desk = desk(Paper.Manner.PLAIN, layers(60));
    assertThat(desk.wanted()).hasSizeLessThanOrEqualTo(Planner.SIDE_BY_SIDE);
    desk.settle().whole();
  }

  @Test
  @DisplayName("a layer waits for its workspace, for rules and roles, in whichever way they fail")
  void guards() {
    Desk desk =
        desk(
            Paper.Manner.PLAIN,
            Paper.rules("r"),
            Paper.roles("o"),
            Paper.layer("parcels", "d1", "f1"));
    desk.replica.bad.add("rules/" + Paper.CHANNEL);
    desk.run(30);
    assertThat(log(desk)).isEmpty();
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.bad.clear();
    Thing rules = Paper.rules("r");
    desk.replica.commit(Paper.thing(rules.subject(), new Thing.Wish.Refused("no rule at line 3")));
    desk.run(30);
    assertThat(log(desk)).isEmpty();
    desk.replica.commit(rules);
    desk.replica.commit(Paper.thing(SITES, new Thing.Wish.Refused("no such access")));
    desk.run(80);
    assertThat(log(desk)).as("its workspace is not understood").isEmpty();
    desk.replica.commit(Paper.workspace("w"));
    desk.settle().whole();
  }

  @Test
  @DisplayName("a cascaded layer waits for its store, a group for its members")
  void rests() {
    Desk desk =
        desk(
            Paper.Manner.PLAIN,
            Paper.store("far", "s"),
            Paper.cascaded("sky", "far", "c"),
            Paper.layer("parcels", "d1", "f1"),
            Paper.group("all", "g", PARCELS, new Subject(Sort.WMS_LAYER, "sites", "sky")));
    desk.replica.bad.add("wms-store/sites.far");
    desk.run(30);
    assertThat(one(desk).prints).containsOnlyKeys(PARCELS.key(), SITES.key());
    desk.replica.bad.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S15: a refused job leaves what is published, and holds nobody up")
  void refused() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Item before = row(desk, PARCELS);
    desk.replica.commit(Paper.thing(PARCELS, new Thing.Wish.Refused("a name with a quote")));
    desk.replica.commit(Paper.layer("roads", "d1", "f1"));
    desk.run(60);
    assertThat(desk.row(PARCELS)).isEqualTo(before);
    assertThat(desk.row(Paper.layer("roads"))).isNotNull();
    assertThat(desk.code()).isEqualTo("jobs-failing");
    assertThat(desk.replica.applied).as("this revision is not applied").isNotEmpty();
    assertThat(desk.replica.applied.orElseThrow()).isNotEqualTo(desk.replica.head());
  }

  @Test
  @DisplayName(
      "documents that are not here are fetched; those that cannot be, after pauses that double")
  void unread() {
    Blob far = new Blob("master", "/meta/parcels.json", "");
    Desk desk = plain();
    desk.replica.troubles.put(far.toString(), "no such file");
    desk.replica.commit(Paper.thing(PARCELS, new Thing.Wish.Unread(List.of(far))));
    desk.run(300);
    // 0, 2, 6, 14, 30, 62, then every minute
    assertThat(begun(desk, Learn.NAME)).isBetween(7L, 12L);
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.troubles.clear();
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.run(120);
    assertThat(log(desk)).containsExactly("load sites.parcels d1", "swap sites.parcels d1");
  }

  @Test
  @DisplayName("feeds/S2: a job that fails is tried after pauses that double, others go on at once")
  void backsOff() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.bad.add("d2");
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.run(300);
    assertThat(desk.replica.log.stream().filter("load sites.parcels d2"::equals).count())
        .isBetween(7L, 12L);
    assertThat(desk.row(Paper.layer("roads"))).isNotNull();
    assertThat(row(desk, PARCELS).facts().need(Jobs.REASON)).isEqualTo("line 7 is broken");
    assertThat(desk.replica.tables.get("sites.parcels")).isNotNull();
    assertThat(desk.kind.due(desk.spec, desk.engine.state())).isLessThan(Long.MAX_VALUE);
    long tries = begun(desk, Publish.NAME);
    desk.command(Note.RETRY, Details.of("job", "sites.parcels"));
    desk.run(1);
    assertThat(begun(desk, Publish.NAME)).as("at once").isEqualTo(tries + 1);
    desk.replica.commit(Paper.layer("parcels", "d3", "f1"));
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S11: a remove job takes all away by itself, however many they are")
  void removed() {
    Desk desk = plain(layers(12));
    for (int i = 0; i < 12; i++) {
      desk.replica.remove(Paper.layer("t" + i));
    }
    desk.settle().whole();
    assertThat(desk.replica.tables).isEmpty();
    assertThat(desk.approved).isZero();
  }

  @Test
  @DisplayName("feeds/S11: a group lets go of its member first")
  void groupFirst() {
    Desk desk =
        plain(
            Paper.layer("parcels", "d1", "f1"),
            Paper.layer("roads", "d1", "f1"),
            Paper.group("all", "g", PARCELS, Paper.layer("roads")));
    desk.replica.commit(Paper.group("all", "g2", Paper.layer("roads")));
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).as("none was tried too early").isEqualTo(1);
    desk.replica.remove(new Subject(Sort.GROUP, "sites", "all"));
    desk.replica.remove(Paper.layer("roads"));
    desk.settle().whole();
    assertThat(begun(desk, Withdraw.NAME)).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "feeds/S12: a filter takes a few out by itself; more wait for a person, and go on waiting")
  void excluded() {
    Desk desk = plain(layers(19));
    for (int i = 0; i < 6; i++) {
      desk.replica.excluded.put(Paper.layer("t" + i), "job['auth_level'] == 0");
    }
    desk.settle().whole();
    assertThat(desk.replica.tables).hasSize(13);
    for (int i = 6; i < 11; i++) {
      desk.replica.excluded.put(Paper.layer("t" + i), "job['auth_level'] == 0");
    }
    desk.run(60);
    assertThat(desk.replica.tables).as("five of fourteen").hasSize(13);
    assertThat(desk.proposed()).hasSize(5).allMatch(each -> each.type().equals(Withdraw.NAME));
    assertThat(desk.proposed().getFirst().reason()).contains("auth_level", "approve each");
    approveOne(desk);
    approveOne(desk);
    desk.run(60);
    assertThat(desk.replica.tables).as("the other three do not follow by themselves").hasSize(11);
    assertThat(desk.proposed()).hasSize(3);
    desk.replica.excluded.clear();
    desk.settle().whole();
    assertThat(desk.replica.tables).hasSize(19);
    assertThat(desk.store.items().values()).noneMatch(each -> each.sort().equals(Absent.GONE));
  }

  private static void approveOne(Desk desk) {
    desk.approve(desk.proposed().getFirst().number());
    desk.run(30);
  }

  @Test
  @DisplayName(
      "feeds/S12: an approval holds while another job is withdrawn and others get new data")
  void approvalHolds() {
    Desk desk = plain(layers(4));
    desk.replica.excluded.put(Paper.layer("t0"), "no");
    desk.replica.excluded.put(Paper.layer("t1"), "no");
    desk.run(30);
    List<Long> numbers = desk.proposed().stream().map(each -> each.number()).toList();
    assertThat(numbers).hasSize(2);
    desk.approve(numbers.getFirst());
    desk.run(15);
    desk.replica.commit(Paper.layer("t2", "d2", "f2"));
    desk.run(30);
    assertThat(desk.proposed().stream().map(each -> each.number()).toList())
        .containsExactly(numbers.getLast());
  }

  @Test
  @DisplayName("feeds/S12: of fewer than ten one may go, and never the last")
  void excludedOfFew() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.replica.vanish(PARCELS);
    desk.settle().whole();
    desk.replica.vanish(Paper.layer("roads"));
    desk.replica.vanish(SITES);
    desk.run(60);
    assertThat(desk.replica.tables).as("both of two").hasSize(1);
  }

  @Test
  @DisplayName("nothing goes because a file cannot be read, or because nothing was pulled yet")
  void unavailableIsNotEmpty() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.unreadable.add("geo/layers/sites.parcels.json: line 3");
    desk.replica.vanish(PARCELS);
    desk.run(60);
    assertThat(desk.replica.tables).hasSize(1);
    desk.replica.away.add(FeedsSpec.REPOSITORY);
    desk.run(60);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("unclear");
  }

  @Test
  @DisplayName("rules that no file says any more stay until a person lets them go")
  void guardsStay() {
    Thing[] many = layers(20);
    Desk desk = plain(many);
    desk.replica.commit(Paper.rules("r"));
    desk.settle().whole();
    desk.replica.vanish(Paper.rules("r").subject());
    desk.run(60);
    assertThat(desk.proposed()).hasSize(1);
    assertThat(one(desk).prints).containsKey("rules/" + Paper.CHANNEL);
  }

  @Test
  @DisplayName("nothing is planned without a database that was seen")
  void noDatabase() {
    Desk desk = desk(Paper.Manner.PLAIN);
    desk.settle();
    desk.replica.away.add(FeedsSpec.DATABASE);
    desk.run(30);
    desk.replica.commit(Paper.layer("parcels", "d1", "f1"));
    desk.run(30);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("unclear");
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S19: a layer or a view that somebody takes away or edits is put back")
  void drift() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    one(desk).prints.remove(PARCELS.key());
    one(desk).prints.put("layer/sites.roads", "somebody's");
    desk.settle().whole();
    desk.replica.dropView("sites.parcels");
    desk.settle().whole();
    assertThat(desk.replica.log).as("nothing is loaded for it").hasSize(5);
  }

  @Test
  @DisplayName("feeds/S19: rules of access that somebody changes are put back")
  void driftOfRules() {
    Desk desk = plain(Paper.rules("r"));
    desk.settle().whole();
    one(desk).prints.put("rules/" + Paper.CHANNEL, "somebody's");
    desk.settle().whole();
    assertThat(one(desk).prints).doesNotContainValue("somebody's");
  }

  @Test
  @DisplayName("feeds/S19: without repair it is told, and nothing is done before its job changes")
  void driftTold() {
    Desk desk = settled(Paper.Manner.TELLING, Paper.layer("parcels", "d1", "f1"));
    one(desk).prints.put(PARCELS.key(), "somebody's");
    desk.replica.dropView("sites.parcels");
    desk.run(60);
    assertThat(desk.wanted()).isEmpty();
    assertThat(desk.code()).isEqualTo("drifted");
    assertThat(new Explanations(desk.spec, desk.engine.state()).explain("sites.parcels").lines())
        .anySatisfy(line -> assertThat(line.toString()).contains("somebody changed", "repair"));
    desk.replica.commit(Paper.layer("parcels", "d1", "f2"));
    desk.settle().whole();
  }

  @Test
  @DisplayName(
      "what was rolled back from is not published again, but newer data are; retry ends it")
  void held() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.settle().whole();
    desk.rollBack(PARCELS);
    desk.settle();
    PaperReplica.Table table = Objects.requireNonNull(desk.replica.tables.get("sites.parcels"));
    assertThat(table.digest()).isEqualTo("d1");
    assertThat(desk.code()).isEqualTo("healthy");
    desk.replica.commit(Paper.layer("parcels", "d2", "f2"));
    desk.settle();
    assertThat(table.digest()).as("a new face changes no data").isEqualTo("d1");
    desk.replica.dropView("sites.parcels");
    desk.settle();
    assertThat(table.digest()).as("it is held at what it was rolled back to").isEqualTo("d1");
    desk.command(Note.RETRY, Details.of("job", PARCELS.key()));
    desk.settle().whole();
    desk.rollBack(PARCELS);
    desk.settle();
    desk.replica.commit(Paper.layer("parcels", "d3", "f2"));
    desk.settle().whole();
  }

  @Test
  @DisplayName("a table under another name: the new one is told, then the old one goes")
  void anotherName() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"), Paper.layer("roads", "d1", "f1"));
    desk.replica.commit(
        Paper.thing(PARCELS, new Thing.Wish.Publish(Paper.body("other"), "d1", "f1", "")),
        Paper.thing(
            Paper.layer("roads"), new Thing.Wish.Publish(Paper.body("sites"), "", "f1", "")));
    desk.settle().whole();
    assertThat(desk.replica.tables).containsOnlyKeys("other.parcels");
  }

  @Test
  @DisplayName(
      "a table under another name while a GeoServer is away: the old one stays until it is back")
  void anotherNameApart() {
    Desk desk = settled(Paper.Manner.TWO_APART, Paper.layer("parcels", "d1", "f1"));
    desk.replica.away.add(Paper.TWO);
    desk.run(30);
    for (String schema : List.of("other", "third")) {
      desk.replica.commit(
          Paper.thing(PARCELS, new Thing.Wish.Publish(Paper.body(schema), "d1", "f1", "")));
      desk.run(60);
    }
    assertThat(desk.replica.tables)
        .containsOnlyKeys("sites.parcels", "other.parcels", "third.parcels");
    assertThat(begun(desk, Publish.NAME)).as("nothing is done over and over").isEqualTo(4);
    desk.replica.away.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S18: of two jobs that name one table the one that has it keeps it")
  void oneTable() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Subject thief = new Subject(Sort.LAYER, "a", "parcels");
    desk.replica.commit(
        Paper.thing(thief, new Thing.Wish.Publish(Paper.body("sites"), "d9", "f9", "")));
    desk.run(60);
    assertThat(desk.row(thief)).isNull();
    assertThat(log(desk)).hasSize(2);
    desk.replica.remove(PARCELS);
    desk.settle().whole();
    assertThat(log(desk)).endsWith("swap sites.parcels d9");
  }

  @Test
  @DisplayName("what is cleaned is never what is read, nor one that is kept")
  void cleaned() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    for (int i = 2; i < 6; i++) {
      desk.replica.commit(Paper.layer("parcels", "d" + i, "f1"));
      desk.settle().whole();
    }
    PaperReplica.Table table = Objects.requireNonNull(desk.replica.tables.get("sites.parcels"));
    assertThat(table.generations.values()).containsExactlyInAnyOrder("d4", "d5");
    assertThat(Kept.number("g1234")).isEqualTo(1234);
  }

  @Test
  @DisplayName("feeds/S14: a clock that is set by a day changes neither the order nor what is done")
  void clock() {
    for (long seconds : new long[] {86_400, -86_400}) {
      Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
      desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
      desk.run(3);
      desk.step(seconds);
      desk.settle().whole();
      desk.replica.bad.add("d3");
      desk.replica.commit(Paper.layer("parcels", "d3", "f1"));
      desk.run(20);
      desk.step(seconds);
      desk.run(20);
      desk.replica.bad.clear();
      desk.start().settle().whole();
      List<String> swaps = log(desk).stream().filter(each -> each.startsWith("swap")).toList();
      assertThat(swaps)
          .containsExactly(
              "swap sites.parcels d1", "swap sites.parcels d2", "swap sites.parcels d3");
    }
  }

  @Test
  @DisplayName("in mode propose all is written down and nothing is done")
  void proposed() {
    Desk desk = desk(Paper.Manner.PROPOSING, layers(40));
    desk.run(30);
    assertThat(desk.replica.log).isEmpty();
    // The layers wait for their workspace.
    assertThat(desk.proposed()).hasSize(1);
    desk.approve(desk.proposed().getFirst().number());
    desk.run(30);
    assertThat(desk.proposed()).hasSize(40);
  }

  @Test
  @DisplayName("a replica whose rows were lost takes what is there for its own, and loads nothing")
  void adopted() {
    Desk desk = plain(Paper.layer("parcels", "d1", "f1"));
    Desk other = new Desk(desk.spec, null);
    other.replica.tables.putAll(desk.replica.tables);
    other.replica.commit(Paper.workspace("w"), Paper.layer("parcels", "d1", "f1"));
    other.start().settle().whole();
    assertThat(other.replica.log).isEmpty();
  }
}
