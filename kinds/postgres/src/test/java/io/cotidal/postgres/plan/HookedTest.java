package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.replica;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.Told;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("steps that plug-ins do in Cotidal's place")
class HookedTest {
  private static final PostgresKind KIND = new PostgresKind();

  private static Plugin plugin(Hook hook) {
    return new Plugin(
        hook, "p-" + hook.word(), Path.of("/srv/p"), Duration.ofSeconds(7), new TreeMap<>());
  }

  private static Scene scene(Hook... hooks) {
    Scene scene = new Scene().looks(3);
    List<Plugin> plugins = List.of(hooks).stream().map(HookedTest::plugin).toList();
    scene.spec = scene.spec.with(scene.spec.practice().asking(plugins));
    return scene;
  }

  private static List<Step> steps(Scene scene, String type, Details input) {
    Continuation rest =
        KIND.operation(type).orElseThrow().steps(input, Run.begin(), scene.spec, scene.state());
    return ((Continuation.Rest) rest).steps();
  }

  private static Step by(PostgresSpec spec, String act) {
    return Hooked.by(spec, Step.act(act, B, act + " b").within(Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @CsvSource({"start,restart", "stop,restart", "promote,promote", "clone,clone"})
  @DisplayName("who does it is told, and has its time; the step's key and its effect are the same")
  void named(String act, String hook) {
    Scene scene = scene(Hook.valueOf(hook.toUpperCase(java.util.Locale.ROOT)));
    Step step = by(scene.spec, act);
    assertThat(step.arguments().need(Acts.PLUGIN)).isEqualTo("p-" + hook);
    assertThat(step.sentence()).endsWith("by plug-in p-" + hook);
    assertThat(step.deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(step.key()).isEqualTo(Step.act(act, B, "").key());
  }

  @Test
  @DisplayName("nobody takes a fence, a rewind, a follow or a cut-off from Cotidal")
  void ours() {
    Scene scene = scene(Hook.values());
    for (String act :
        List.of(Acts.FENCE, Acts.REWIND, Acts.FOLLOW, Acts.CUT_OFF, Acts.INIT, Acts.SET_QUORUM)) {
      Step plain = Step.act(act, B, act);
      assertThat(Hooked.by(scene.spec, plain)).isEqualTo(plain);
    }
    Scene without = scene(Hook.STONITH, Hook.SELECT);
    assertThat(by(without.spec, Acts.PROMOTE).arguments().has(Acts.PLUGIN)).isFalse();
  }

  @Test
  @DisplayName("a restart of a replica stops and starts it by the plug-in, in that order")
  void restart() {
    Details input = Details.of(Inputs.MEMBER, B).with(Inputs.PRIMARY, A);
    assertThat(steps(scene(Hook.RESTART), Restart.NAME, input))
        .extracting(step -> step.key() + " " + step.arguments().get(Acts.PLUGIN, "ours"))
        .containsExactly("stop b p-restart", "start b p-restart");
    assertThat(steps(scene(), Restart.NAME, input))
        .extracting(step -> step.key() + " " + step.arguments().get(Acts.PLUGIN, "ours"))
        .containsExactly("stop b ours", "start b ours");
  }

  @Test
  @DisplayName("what a plug-in tells of a replica changes no plan, no diagnosis and no choice")
  void told() {
    Told far = Told.of("p", Details.of(Told.POSITION, "FF/0").with(Told.LAG_BYTES, 0));
    PgFacts plain = replica(3, 900, A, 10);
    assertThat(KIND.essence(scene().spec, plain.told(far)))
        .isEqualTo(KIND.essence(scene().spec, plain));
    Scene silent = scene().says(C, plain).looks(3);
    Scene telling = scene().says(C, plain.told(far)).looks(3);
    assertThat(KIND.diagnose(telling.spec, telling.state()))
        .isEqualTo(KIND.diagnose(silent.spec, silent.state()));
    assertThat(KIND.plan(telling.spec, telling.state()))
        .isEqualTo(KIND.plan(silent.spec, silent.state()));
    assertThat(KIND.guarantee(telling.spec, telling.state()))
        .isEqualTo(KIND.guarantee(silent.spec, silent.state()));
    assertThat(KIND.members(telling.spec, telling.state()).get(2).facts().entries())
        .containsEntry("reported", "by plug-in p")
        .containsEntry("reported-receive-position", "FF/0")
        .containsEntry("reported-lag-bytes", "0");
  }

  @ParameterizedTest
  @CsvSource({
    "receive-position,0/zz",
    "receive-position,5",
    "lag-bytes,-1",
    "lag-bytes,1e9",
    "lag-seconds,soon",
    "lag-seconds,NaN",
    "other,1"
  })
  @DisplayName("an answer that is no measure is unknown, all of it")
  void noMeasure(String name, String value) {
    Told told = Told.of("p", Details.of(name, value));
    assertThat(told.said()).isEqualTo(Details.NONE);
    assertThat(told.columns().need("reported")).startsWith("unknown: plug-in p: ");
  }
}
