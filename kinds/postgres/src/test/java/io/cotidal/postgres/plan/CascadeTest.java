package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Member c streams from b, and b from the primary a: what is seen of that, and what is wanted. */
@Timeout(10)
class CascadeTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final long SECOND = 1_000 * Moment.MILLI;

  static PostgresSpec spec(int quorum, Failover failover) {
    PostgresSpec flat = Scene.spec(quorum, failover);
    return new PostgresSpec(
        flat.id(),
        flat.mode(),
        flat.servers().stream()
            .map(server -> server.id().equals(C) ? server.following(B) : server)
            .toList(),
        quorum,
        failover,
        flat.access(),
        flat.settings());
  }

  /** The tree as it is wanted. */
  private static Scene tree() {
    Scene scene = new Scene();
    scene.spec = spec(1, Failover.DEFAULT);
    return scene
        .ledger(Ledger.quorum(List.of(B), 1))
        .says(A, slots(primary(3, 1000, "ANY 1 (\"b\")", "b"), "b"))
        .says(B, slots(sends(replica(3, 1000, A, 10), "c"), "c"))
        .says(C, replica(3, 990, B, 10));
  }

  /** Everybody streams from the primary, as after a failover. */
  private static Scene flat() {
    Scene scene = tree();
    return scene
        .ledger(Ledger.quorum(List.of(B, C), 1))
        .says(A, slots(primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c"), "b", "c"))
        .says(B, replica(3, 1000, A, 10))
        .says(C, replica(3, 1000, A, 10));
  }

  static PgFacts sends(PgFacts facts, String... names) {
    return changed(
        facts,
        Stream.of(names)
            .map(name -> new PgFacts.Sender(name, "streaming", facts.position()))
            .toList(),
        facts.slots());
  }

  static PgFacts slots(PgFacts facts, String... names) {
    return changed(facts, facts.senders(), List.of(names));
  }

  private static PgFacts changed(PgFacts f, List<PgFacts.Sender> senders, List<String> slots) {
    return new PgFacts(
        f.version(),
        f.systemId(),
        f.recovering(),
        f.timeline(),
        f.position(),
        f.replayed(),
        f.upstream(),
        f.receiver(),
        senders,
        f.syncNames(),
        slots,
        f.writable());
  }

  private static List<String> wanted(Scene scene) {
    return KIND.plan(scene.spec, scene.state()).stream().map(CascadeTest::text).toList();
  }

  private static String text(Wanted wanted) {
    return wanted.type() + " " + wanted.input();
  }

  private static PgDiagnosis seen(Scene scene) {
    return KIND.diagnose(scene.spec, scene.state());
  }

  /** An operation about c that ended so many seconds before the scene's present moment. */
  private static Operation moved(
      Scene scene, long number, MemberId upstream, OperationState how, long secondsAgo) {
    Details input = Details.of(Inputs.MEMBER, C).with(Inputs.PRIMARY, A);
    return new Operation(
        new OperationId(new ResourceId("postgres", "orders"), number),
        Repairs.Follow.NAME,
        1,
        upstream.equals(A) ? input : input.with(Acts.UPSTREAM, upstream),
        Risk.SAFE,
        how,
        "",
        "",
        "",
        "",
        new Actor("ann"),
        null,
        null,
        false,
        List.of(),
        1,
        0,
        1,
        how.ended() ? scene.state().now().micros() - secondsAgo * SECOND / 1_000 : 0,
        List.of());
  }

  @Test
  @DisplayName("postgres/S27: a tree as it is wanted is healthy; the links show it")
  void asWanted() {
    Scene scene = tree().looks(1);
    assertThat(seen(scene).code()).isEqualTo("healthy");
    assertThat(wanted(scene)).isEmpty();
    List<LinkView> links = KIND.links(scene.spec, scene.state());
    assertThat(links).extracting(LinkView::from).containsExactly(A, B);
    assertThat(links).extracting(LinkView::state).containsOnly("streaming");
    assertThat(links).extracting(LinkView::lagBytes).containsExactly(0L, 10L);
  }

  @Test
  @DisplayName("postgres/S27: everybody streams from the primary: c goes behind b, off the list")
  void putBehind() {
    Scene scene = flat().looks(1);
    assertThat(seen(scene).code()).isEqualTo("healthy");
    assertThat(wanted(scene))
        .containsExactly(
            "follow {member=c, primary=a, upstream=b}", "quorum {k=1, list=b, primary=a}");
  }

  @Test
  @DisplayName("postgres/S27: its slot goes from the primary once b keeps the log for it")
  void tidied() {
    Scene scene = tree().says(A, slots(primary(3, 1000, "ANY 1 (\"b\")", "b"), "b", "c")).looks(1);
    assertThat(wanted(scene)).containsExactly("tidy {gone=c, holder=a}");
    scene.says(B, sends(replica(3, 1000, A, 10), "c")).looks(1);
    assertThat(wanted(scene)).as("b has no slot for it").isEmpty();
    scene.says(B, slots(replica(3, 1000, A, 10), "c")).says(C, gone("present")).looks(1);
    assertThat(wanted(scene)).as("it streams from nobody").noneMatch(text -> text.contains("tidy"));
  }

  @Test
  @DisplayName("postgres/S27: the slot of a primary on a standby goes, and of who left the middle")
  void leftOvers() {
    Scene scene = tree().says(B, slots(sends(replica(3, 1000, A, 10), "c"), "a", "c")).looks(1);
    assertThat(wanted(scene)).containsExactly("tidy {gone=a, holder=b}");
    Scene back = flat().says(B, slots(replica(3, 1000, A, 10), "c"));
    back.spec = Scene.spec(1, Failover.DEFAULT);
    assertThat(wanted(back.looks(1))).containsExactly("tidy {gone=c, holder=b}");
  }

  @Test
  @DisplayName("postgres/S27: the middle dies: its leaf is put behind the primary at once")
  void middleDies() {
    Scene scene = tree().says(B, gone("present")).says(C, unconnected(B)).looks(1);
    assertThat(seen(scene).code()).isEqualTo("degraded");
    assertThat(wanted(scene))
        .contains("start {member=b, primary=a}", "follow {member=c, primary=a}");
  }

  @Test
  @DisplayName("postgres/S27: the middle streams from nobody: its leaf is put behind the primary")
  void middleHangs() {
    Scene scene = tree().says(B, sends(standby(3, 1000), "c")).looks(1);
    assertThat(seen(scene).sentence())
        .contains("b does not stream from a", "c streams from b, and that one not from a");
    assertThat(wanted(scene))
        .contains("follow {member=b, primary=a}", "follow {member=c, primary=a}");
  }

  @Test
  @DisplayName("postgres/S27: a middle that we cannot ask, and to which the primary sends, is well")
  void middleNotAsked() {
    Scene scene = tree().says(B, silent()).looks(1);
    assertThat(seen(scene).sentence()).contains("b silent").doesNotContain("c ");
    assertThat(wanted(scene)).isEmpty();
  }

  @Test
  @DisplayName("postgres/S27: back behind the middle only after a while, longer each time")
  void steady() {
    Scene scene = flat().looks(1);
    Operation away = moved(scene, 9, A, OperationState.DONE, 3);
    assertThat(wanted(scene.knows(away))).isEmpty();
    assertThat(KIND.due(scene.spec, scene.state()) - scene.state().now().micros())
        .isEqualTo(2 * SECOND / 1_000);
    Scene later = flat().looks(1);
    later.knows(moved(later, 9, A, OperationState.DONE, 6));
    assertThat(wanted(later)).contains("follow {member=c, primary=a, upstream=b}");
    // It was there three times in the last hour.
    for (long number = 10; number < 13; number++) {
      later.knows(moved(later, number, B, OperationState.DONE, 600));
    }
    assertThat(wanted(later)).isEmpty();
    later.knows(moved(later, 9, A, OperationState.DONE, 21));
    assertThat(wanted(later)).contains("follow {member=c, primary=a, upstream=b}");
  }

  @Test
  @DisplayName("postgres/S27: what failed once goes by way of the primary; under way it is let be")
  void failed() {
    Scene scene = tree().says(C, unconnected(B)).looks(1);
    assertThat(wanted(scene)).containsExactly("follow {member=c, primary=a, upstream=b}");
    scene.knows(moved(scene, 9, B, OperationState.RUNNING, 0));
    assertThat(wanted(scene)).containsExactly("follow {member=c, primary=a, upstream=b}");
    scene.knows(moved(scene, 9, B, OperationState.FAILED, 1));
    assertThat(wanted(scene)).contains("follow {member=c, primary=a}");
  }

  @Test
  @DisplayName(
      "postgres/S27: in doubt it stays with the primary; who is stopped starts in its place")
  void doubted() {
    Scene scene = flat().ledger(Ledger.doubt(C, Ledger.Doubt.FORMER)).looks(1);
    assertThat(wanted(scene)).containsExactly("quorum {k=1, list=b,c, primary=a}");
    Scene down = tree().says(C, gone("present")).looks(1);
    assertThat(wanted(down)).containsExactly("start {member=c, primary=a, upstream=b}");
  }

  @Test
  @DisplayName("postgres/S27: without a quorum a leaf is chosen from like any other")
  void asynchronous() {
    Scene scene = tree().ledger(Ledger.quorum(List.of(B), 0));
    scene.spec = spec(0, Failover.DEFAULT);
    scene.says(A, slots(primary(3, 1000, "", "b"), "b")).looks(1);
    assertThat(wanted(scene)).containsExactly("quorum {k=0, list=b,c, primary=a}");
    scene.ledger(Ledger.quorum(List.of(B, C), 0)).looks(1);
    assertThat(wanted(scene)).isEmpty();
  }

  @Test
  @DisplayName(
      "postgres/S5: a leaf and its middle both hear: the primary lives, and both are named")
  void cutOffFromUs() {
    Scene scene = tree().looks(3).says(A, silent()).looks(30);
    assertThat(seen(scene).code()).isEqualTo("control-cut-off");
    assertThat(seen(scene).sentence()).contains("b,c still streams");
  }

  @Test
  @DisplayName("postgres/S27: a leaf that hears its middle says nothing of a primary unheard there")
  void leafSaysNothing() {
    Scene scene = tree().looks(3).says(A, silent()).says(B, replica(3, 1000, A, 5_000)).looks(30);
    assertThat(seen(scene).code()).isEqualTo("primary-silent");
    scene.says(B, standby(3, 1000)).looks(1);
    assertThat(seen(scene).code()).isEqualTo("primary-silent");
    assertThat(wanted(scene)).containsExactly("failover {from=a}");
  }

  @Test
  @DisplayName("postgres/S27: a leaf that hears a middle whom we cannot ask: nobody can tell")
  void middleUnknown() {
    Scene scene = tree().looks(3).says(A, silent()).says(B, silent()).looks(30);
    assertThat(seen(scene).code()).isEqualTo("primary-unclear");
    assertThat(seen(scene).sentence()).contains("c streams from a member that does not answer us");
    assertThat(wanted(scene)).isEmpty();
    scene.says(A, gone("present")).looks(3);
    assertThat(seen(scene).code()).as("its process is gone").isEqualTo("primary-dead");
  }

  @Test
  @DisplayName("postgres/S27: middle and primary die together: the leaf hears nobody")
  void bothDie() {
    Scene scene = tree().looks(3).says(A, gone("present")).says(B, gone("present")).looks(5);
    assertThat(seen(scene).code()).isEqualTo("primary-dead");
    scene = tree().looks(3).says(A, silent()).says(B, silent());
    scene.says(C, replica(3, 990, B, 9_000)).looks(30);
    assertThat(seen(scene).code()).isEqualTo("primary-silent");
  }

  @Test
  @DisplayName("postgres/S27: those who stream in a circle hear nothing")
  void circle() {
    Scene scene = tree().says(B, sends(replica(3, 1000, C, 5), "c")).looks(3);
    assertThat(seen(scene).code()).isEqualTo("degraded");
    assertThat(wanted(scene)).contains("follow {member=b, primary=a}");
    assertThat(seen(scene.says(A, silent()).looks(30)).code()).isEqualTo("primary-silent");
  }

  @Test
  @DisplayName("postgres/S27: it is cut off from whom it streams, and comes close before it leads")
  void successions() {
    Scene scene = tree().looks(1);
    assertThat(KIND.operation(FailoverType.NAME))
        .hasValueSatisfying(type -> {
          var steps =
              type.steps(
                  Details.of(Inputs.FROM, A).with(FailoverType.FORCE, "true"),
                  Run.begin(),
                  scene.spec,
                  scene.state());
          assertThat(steps.toString()).contains("cut b off from a", "cut c off from b");
        });
    assertThat(KIND.operation(Switchover.NAME))
        .hasValueSatisfying(type -> {
          var steps =
              type.steps(
                  Details.of(Inputs.FROM, A).with(FailoverType.TO, C),
                  Run.begin(),
                  scene.spec,
                  scene.state());
          assertThat(steps.toString()).contains("let c follow a itself").doesNotContain("stop");
        });
  }

  @Test
  @DisplayName("postgres/S27: remaster puts a leaf where it belongs")
  void remastered() {
    Scene scene = tree().looks(1);
    Command.Begin asked =
        new Command.Begin(
            new Actor("ann"), Repairs.Follow.NAME, Details.of(Inputs.MEMBER, C), null, false);
    assertThat(KIND.prepare(scene.spec, scene.state(), asked).get(Acts.UPSTREAM, ""))
        .isEqualTo("b");
  }

  /** A standby that is set to follow somebody and receives nothing. */
  private static PgFacts unconnected(MemberId upstream) {
    return new PgFacts(
        170000, 7, true, 3, 990, 990, upstream, null, List.of(), "", List.of(), false);
  }

  @Test
  @DisplayName("postgres/S27: next one up: d behind c behind b")
  void nextOneUp() {
    Scene scene = tree();
    MemberId d = new MemberId("d");
    List<Server> servers = new ArrayList<>(scene.spec.servers());
    servers.add(
        new Server(d, "127.0.0.1", 5435, Path.of("/srv/d"), Path.of("/bin"), "").following(C));
    PostgresSpec spec = scene.spec;
    scene.spec =
        new PostgresSpec(
            spec.id(), spec.mode(), servers, 1, spec.failover(), spec.access(), spec.settings());
    scene.says(C, slots(replica(3, 990, B, 10), "d")).says(d, replica(3, 990, C, 10)).looks(1);
    assertThat(seen(scene).code()).isEqualTo("healthy");
    assertThat(wanted(scene)).isEmpty();
    scene.says(C, gone("present")).says(d, unconnected(C)).looks(1);
    assertThat(wanted(scene)).contains("follow {member=d, primary=a, upstream=b}");
  }
}
