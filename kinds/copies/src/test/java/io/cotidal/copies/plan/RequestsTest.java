package io.cotidal.copies.plan;

import static io.cotidal.copies.plan.Scene.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.CopiesSpec.Allowance;
import io.cotidal.engine.Command;
import io.cotidal.engine.Declined;
import io.cotidal.engine.Declined.Why;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class RequestsTest {
  private static final CopiesSpec SPEC =
      Paper.spec(new Allowance(Duration.ofHours(24), Duration.ofDays(7), Duration.ZERO, 3, 2, 0));

  private static Details ask(CopiesSpec spec, Scene scene, Permission role, String text) {
    String[] words = text.split(" ");
    Details input = Details.NONE;
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      input = input.with(pair[0], pair[1]);
    }
    return new CopiesKind()
        .prepare(
            spec,
            scene.state(),
            new Command.Begin(new Actor("ann"), role, words[0], input, null, false));
  }

  private static Details ask(Scene scene, String text) {
    return ask(SPEC, scene, Permission.USER, text);
  }

  private static void declined(Why why, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(Declined.class, no -> assertThat(no.why()).isEqualTo(why))
        .hasMessageNotContainingAny("\n", "null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../x",
        "a/b",
        "%2e%2e%2f",
        "a;rm",
        "`id`",
        "';DROP",
        "--help",
        "-x",
        "Mine",
        "\u0430",
        "a\u0000b",
        "a..b"
      })
  @DisplayName("copies/C1: a name outside the grammar is refused, with the rule")
  void names(String name) {
    assertThatThrownBy(() -> ask(Scene.ready(), "create name=" + name))
        .isInstanceOf(IllegalArgumentException.class)
        .isNotInstanceOf(Declined.class)
        .hasMessageContaining("copy");
  }

  @Test
  @DisplayName("copies/C1: a name of 64 letters is too long, one of 63 is not")
  void longNames() {
    assertThat(ask(Scene.ready(), "create name=" + "a".repeat(63)).has(Acts.NAME)).isTrue();
    assertThatThrownBy(() -> ask(Scene.ready(), "create name=" + "a".repeat(64)))
        .hasMessageContaining("63");
  }

  @Test
  @DisplayName("copies/B10: a lifetime is what was asked for, or the standard, within the limit")
  void lifetimes() {
    assertThat(ask(Scene.ready(), "create name=a").need(Create.TTL)).isEqualTo("86400000000");
    assertThat(ask(Scene.ready(), "create name=a ttl=90").need(Create.TTL)).isEqualTo("90000000");
    assertThat(ask(Scene.ready(), "create name=a ttl=7d").need(Create.TTL))
        .isEqualTo("604800000000");
    for (String tooLong : new String[] {"8d", "604801", "never"}) {
      assertThatThrownBy(() -> ask(Scene.ready(), "create name=a ttl=" + tooLong))
          .hasMessageContaining("at most 7d");
    }
    assertThat(
            ask(Paper.spec(Paper.PLENTY), Scene.ready(), Permission.USER, "create name=a ttl=never")
                .need(Create.TTL))
        .isEqualTo("0");
  }

  @Test
  @DisplayName("copies/B3: a name that is taken is declined as such, whoever has it")
  void exists() {
    declined(
        Why.EXISTS,
        () ->
            ask(Scene.ready().copy("bob", "mine", "c1-aaaaa", Shelf.READY, 0), "create name=mine"));
  }

  @Test
  @DisplayName("copies/C2: a copy or an import whose link would be somebody else's is declined")
  void links() {
    declined(Why.EXISTS, () -> ask(Scene.ready().taken("shop-b"), "create name=b"));
    assertThat(ask(Scene.ready().taken("shop-b"), "create name=c").need(Acts.NAME)).isEqualTo("c");
    assertThatThrownBy(() ->
            ask(SPEC, Scene.ready().taken("shop"), Permission.OPERATOR, "import dump=/dumps/a.sql"))
        .isInstanceOf(Declined.class)
        .hasMessageContaining("data/shop leads to something else");
  }

  @Test
  @DisplayName(
      "postgres/S31: an archive is imported up to one moment that has been, worded as for a"
          + " restore; dumps have no moments")
  void moments() {
    CopiesSpec archived = Paper.archived(SPEC);
    Details input = imported(archived, "to-name=before_migration backup=20261123T020000Z");
    assertThat(input.entries())
        .containsEntry(Acts.ARCHIVE, "/srv/archive")
        .containsEntry("to-name", "before_migration")
        .containsEntry("backup", "20261123T020000Z")
        .hasSize(3);
    assertThat(imported(archived, "").entries()).containsOnlyKeys(Acts.ARCHIVE);
    assertThat(imported(Paper.taken(SPEC), "to-lsn=0/5000148").entries())
        .containsEntry(Acts.FROM, "postgres/orders")
        .containsEntry("to-lsn", "0/5000148");
    refusedImport(archived, "to-time=yesterday", "import: 'yesterday' is no time with its zone");
    refusedImport(archived, "to-time=2999-01-01T00:00:00Z", "is still to come");
    refusedImport(archived, "to-lsn=0/1 to-name=x", "name one of to-time, to-lsn and to-name");
    refusedImport(archived, "to-lsn=5000148", "no position in the log");
    refusedImport(archived, "timeline=newest", "timeline is a number");
    refusedImport(archived, "dump=/dumps/a.sql", "takes its data from /srv/archive, no dump");
    refusedImport(SPEC, "to-name=before", "is made from dumps");
  }

  private static Details imported(CopiesSpec spec, String words) {
    return ask(spec, Scene.ready(), Permission.OPERATOR, ("import " + words).strip());
  }

  private static void refusedImport(CopiesSpec spec, String words, String reason) {
    assertThatThrownBy(() -> imported(spec, words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  @DisplayName("copies/C1: an upload's name is the daemon's own; what it is called is no path")
  void uploads() {
    String id = "u" + "0f".repeat(16);
    Details input = ask(Scene.ready(), "import upload=" + id + " file=../../etc/x.sql sha256=ab");
    assertThat(input.entries())
        .containsEntry(Acts.UPLOAD, id)
        .containsEntry(Acts.DUMP, "x.sql")
        .containsEntry(Acts.FILE, "x.sql")
        .containsEntry(Acts.HASH, "ab")
        .containsEntry(Acts.SENDER, "ann");
    assertThatThrownBy(
            () -> ask(Scene.ready(), "import upload=" + id + " file=x from=postgres/orders"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the configuration says");
    for (String hostile : new String[] {"../u", id + "/..", id.substring(1), "/etc/passwd", ""}) {
      assertThatThrownBy(() -> ask(Scene.ready(), "import file=x upload=" + hostile))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no name of an upload");
    }
  }

  @Test
  @DisplayName("copies/E1: quotas hold for one owner and for all together")
  void quotas() {
    Scene own =
        Scene.ready()
            .copy("a", "c1-aaaaa", Shelf.READY, 0)
            .copy("b", "c2-aaaaa", Shelf.CREATING, 0);
    declined(Why.TOO_MANY, () -> ask(own, "create name=x"));
    Scene all =
        Scene.ready()
            .copy("bob", "a", "c1-aaaaa", Shelf.READY, 0)
            .copy("bob", "b", "c2-aaaaa", Shelf.STOPPED, 0)
            .copy("eve", "c", "c3-aaaaa", Shelf.READY, 0);
    declined(Why.TOO_MANY, () -> ask(all, "create name=x"));
  }

  @Test
  @DisplayName("copies/B4: without room, memory or a look at them nothing is made")
  void room() {
    declined(Why.NO_ROOM, () -> ask(Scene.ready().free(1), "create name=x"));
    declined(Why.NO_ROOM, () -> ask(Scene.ready().readOnly(), "create name=x"));
    declined(Why.NO_ROOM, () -> ask(Scene.ready().blind(), "create name=x"));
    declined(Why.NO_ROOM, () -> ask(Scene.ready().memory(63L << 20), "create name=x"));
    assertThat(ask(Scene.ready().memory(64L << 20), "create name=x").has(Acts.NAME)).isTrue();
    declined(Why.NO_ROOM, () -> ask(SPEC, Scene.ready().free(1), Permission.OPERATOR, "import"));
  }

  @Test
  @DisplayName("copies/B4: memory that copies under way will take is taken, before a look shows it")
  void memoryPromised() {
    Scene scene =
        Scene.ready().memory(120L << 20).copy("bob", "other", "c1-aaaaa", Shelf.CREATING, 0);
    declined(Why.NO_ROOM, () -> ask(scene, "create name=x"));
  }

  @Test
  @DisplayName("copies/D1: before the first generation a copy is declined: not yet, or not at all")
  void noGeneration() {
    declined(Why.NOT_FOUND, () -> ask(new Scene(), "create name=x"));
    declined(
        Why.NOT_YET,
        () ->
            ask(
                new Scene()
                    .operation(1, Import.NAME, OperationState.RUNNING, new Lock("import", true)),
                "create name=x"));
  }

  @Test
  @DisplayName("copies/E1: others' copies are not there for users, and are for operators")
  void ownership() {
    Scene scene = Scene.ready().copy("bob", "his", "c1-aaaaa", Shelf.READY, NOW);
    for (String verb : new String[] {"delete", "reset", "renew", "stop", "start", "compare"}) {
      declined(Why.NOT_FOUND, () -> ask(scene, verb + " name=his"));
      assertThat(ask(SPEC, scene, Permission.OPERATOR, verb + " name=his").need(Acts.NAME))
          .isEqualTo("his");
    }
  }

  @Test
  @DisplayName("A stopped copy is neither stopped again nor compared")
  void stopped() {
    Scene scene = Scene.ready().copy("mine", "c1-aaaaa", Shelf.STOPPED, 0);
    assertThatThrownBy(() -> ask(scene, "stop name=mine")).hasMessageContaining("stopped");
    assertThatThrownBy(() -> ask(scene, "compare name=mine")).hasMessageContaining("ready");
  }

  @Test
  @DisplayName("A reset takes the copy's own generation, or the current one if that is asked for")
  void reset() {
    Scene scene =
        Scene.ready()
            .generation("g2")
            .ledger(Shelf.CURRENT, "g2")
            .copy("mine", "c1-aaaaa", Shelf.READY, 0);
    assertThat(ask(scene, "reset name=mine").need(Acts.GENERATION)).isEqualTo("g1");
    assertThat(ask(scene, "reset name=mine refresh=true").need(Acts.GENERATION)).isEqualTo("g2");
  }

  @Test
  @DisplayName("copies/A2: a dump lies where dumps may lie, and its path is absolute")
  void dumps() {
    Scene scene = Scene.ready().dump("5");
    assertThat(ask(scene, "import").need(Acts.DUMP)).isEqualTo("/dumps/good.sql");
    assertThat(ask(scene, "import").need(Acts.FINGERPRINT)).isEqualTo("5");
    assertThat(ask(scene, "import dump=/dumps/other.sql").has(Acts.FINGERPRINT)).isFalse();
    for (String bad : new String[] {"x.sql", "/etc/shadow", "/dumps/../etc/shadow", "/dumps2/x"}) {
      assertThatThrownBy(() -> ask(scene, "import dump=" + bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dump");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"warm", "collect"})
  @DisplayName("What Cotidal plans by itself is not asked for")
  void itsOwn(String type) {
    assertThatThrownBy(() -> ask(Scene.ready(), type + " name=x"))
        .hasMessageContaining("plans it itself");
  }
}
