package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.plan.members.FenceMember;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("members that are reached by SQL alone")
class SqlMembersTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final Observation<PgFacts> REFUSED =
      new Observation.Refused<>("connection refused", Host.UNKNOWN);

  private static PostgresSpec spec(int quorum, Set<MemberId> bySql) {
    PostgresSpec all = Scene.spec(quorum, Failover.DEFAULT);
    List<Server> servers =
        all.servers().stream()
            .map(server ->
                bySql.contains(server.id())
                    ? new Server(
                        server.id(),
                        server.addresses(),
                        server.port(),
                        server.data(),
                        server.bin(),
                        "",
                        new Reach.Sql())
                    : server)
            .toList();
    return new PostgresSpec(
        all.id(), all.mode(), servers, quorum, all.failover(), all.access(), all.settings());
  }

  private static List<Wanted> wanted(Scene scene) {
    return KIND.plan(scene.spec, scene.state());
  }

  private static Scene dead(int quorum) {
    Scene scene = new Scene();
    scene.spec = spec(quorum, Set.of(A));
    if (quorum == 0) {
      scene.ledger(Ledger.quorum(List.of(), 0));
    }
    return scene
        .looks(3)
        .says(A, REFUSED)
        .says(B, standby(3, 1000))
        .says(C, standby(3, 1000))
        .looks(20);
  }

  @Test
  @DisplayName(
      "a primary that nobody can fence: with a quorum or a plug-in that can by itself, else by a person")
  void failover() {
    assertThat(wanted(dead(1)))
        .singleElement()
        .satisfies(wanted -> {
          assertThat(wanted.type()).isEqualTo(FailoverType.NAME);
          assertThat(wanted.automatic()).isTrue();
        });
    assertThat(wanted(dead(0)))
        .singleElement()
        .satisfies(wanted -> {
          assertThat(wanted.type()).isEqualTo(FailoverType.NAME);
          assertThat(wanted.automatic()).isFalse();
          assertThat(wanted.reason()).contains("cannot be fenced");
        });
    Scene plugged = dead(0);
    plugged.spec = plugged.spec.with(plugged.spec.practice().asking(List.of(POWER)));
    assertThat(wanted(plugged)).singleElement().matches(Wanted::automatic);
    Scene local = dead(0);
    local.spec = spec(0, Set.of());
    assertThat(wanted(local)).singleElement().matches(Wanted::automatic);
  }

  @Test
  @DisplayName("nobody starts, rewinds or copies one; it is let follow")
  void repairs() {
    Scene stopped = new Scene();
    stopped.spec = spec(1, Set.of(C));
    stopped.says(A, primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b")).says(C, REFUSED).looks(5);
    assertThat(wanted(stopped)).extracting(Wanted::type).doesNotContain("start", "rejoin");
    Scene strayed = new Scene();
    strayed.spec = spec(1, Set.of(C));
    strayed.says(C, standby(3, 900)).looks(5);
    assertThat(wanted(strayed)).extracting(Wanted::type).contains("follow");
    strayed.ledger(Ledger.doubt(C, Ledger.Doubt.DIVERGED));
    assertThat(wanted(strayed)).extracting(Wanted::type).doesNotContain("rejoin", "follow");
    Scene intruder = new Scene();
    intruder.spec = spec(1, Set.of(C));
    intruder.says(C, primary(4, 1100, "")).looks(5);
    assertThat(wanted(intruder)).isEmpty();
  }

  @Test
  @DisplayName("what needs its machine is refused when it is asked for")
  void requests() {
    Scene replica = new Scene().looks(5);
    replica.spec = spec(1, Set.of(C));
    assertThatThrownBy(() ->
            new Requests(replica.spec, replica.state())
                .prepare(Rejoin.NAME, Details.of(Inputs.MEMBER, C)))
        .hasMessageContaining("c is reached by SQL alone");
    Scene primary = new Scene().looks(5);
    primary.spec = spec(1, Set.of(A));
    assertThatThrownBy(() ->
            new Requests(primary.spec, primary.state())
                .prepare(Switchover.NAME, Details.of(FailoverType.TO, B)))
        .hasMessageContaining("a is reached by SQL alone");
    assertThat(
            new Requests(replica.spec, replica.state())
                .prepare(Switchover.NAME, Details.of(FailoverType.TO, C))
                .need(FailoverType.TO))
        .isEqualTo("c");
  }

  private static final Plugin POWER =
      new Plugin(
          Plugin.Hook.STONITH, "power", Path.of("/srv/p"), Duration.ofSeconds(3), new TreeMap<>());

  private static Continuation fence(Scene scene, StepRecord... rows) {
    Run run = new Run(1, List.of(rows), Run.Occasion.DECISION);
    return new FenceMember().steps(Details.of(Inputs.MEMBER, A), run, scene.spec, scene.state());
  }

  private static StepRecord ended(Step step, int sequence, StepState how, Scene scene) {
    Moment now = scene.state().now();
    return StepRecord.planned(sequence, step, 1)
        .intended(1, now)
        .ended(how, Details.NONE, "no", now);
  }

  @Test
  @DisplayName("one without a gate is fenced by a plug-in alone: its proof ends it, nothing else")
  void fencedByPlugin() {
    Scene scene = dead(0);
    assertThatThrownBy(() ->
            new Requests(scene.spec, scene.state())
                .prepare(FenceMember.NAME, Details.of(Inputs.MEMBER, A)))
        .hasMessageContaining("a is reached by SQL alone");
    assertThat(fence(scene)).isInstanceOf(Continuation.GiveUp.class);
    scene.spec = scene.spec.with(scene.spec.practice().asking(List.of(POWER)));
    assertThat(
            new Requests(scene.spec, scene.state())
                .prepare(FenceMember.NAME, Details.of(Inputs.MEMBER, A))
                .need(Inputs.MEMBER))
        .isEqualTo("a");
    Step asked = ((Continuation.Rest) fence(scene)).steps().getFirst();
    assertThat(asked.act()).isEqualTo(Acts.HOOK);
    assertThat(asked.arguments().need(Acts.PLUGIN)).isEqualTo("power");
    assertThat(fence(scene, ended(asked, 1, StepState.DONE, scene)))
        .isEqualTo(Continuation.finished());
    StepRecord no = ended(asked, 1, StepState.FAILED, scene);
    assertThat(fence(scene, no)).isEqualTo(Continuation.rest(List.of(asked)));
    assertThat(fence(scene, no, ended(asked, 2, StepState.FAILED, scene)))
        .isInstanceOfSatisfying(
            Continuation.GiveUp.class,
            gaveUp -> assertThat(gaveUp.reason()).contains("nothing proves that a is ended"));
  }

  @Test
  @DisplayName("a create leaves it out, whether it answers or not")
  void create() {
    Scene empty = new Scene();
    empty.spec = spec(1, Set.of(C));
    empty.ledger = Details.NONE;
    empty.says(A, gone("absent")).says(B, gone("absent")).says(C, REFUSED).looks(5);
    assertThat(KIND.diagnose(empty.spec, empty.state())).isInstanceOf(PgDiagnosis.NotCreated.class);
    Continuation made =
        new Create().steps(Details.of(Inputs.PRIMARY, A), Run.begin(), empty.spec, empty.state());
    assertThat(made)
        .isInstanceOfSatisfying(
            Continuation.Rest.class,
            steps ->
                assertThat(steps.steps())
                    .extracting(Step::member)
                    .contains(A, B)
                    .doesNotContain(C));
    empty.says(C, replica(3, 1000, A, 10)).looks(5);
    assertThat(KIND.diagnose(empty.spec, empty.state()))
        .isInstanceOf(PgDiagnosis.PrimaryUnclear.class);
  }
}
