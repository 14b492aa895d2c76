package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Event;
import io.cotidal.model.Mode;
import io.cotidal.model.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a kind says beside its diagnosis. */
@Timeout(10)
class RemarksTest {
  private final Rig rig = new Rig(Mode.OBSERVE);

  private List<String> said() {
    return rig.store.events().stream()
        .filter(event -> event.code().equals("remark"))
        .map(Event::text)
        .toList();
  }

  @Test
  @DisplayName("said once, however often the facts change")
  void once() {
    rig.kind.remarks.add("tide is low");
    rig.lead().pass(500);
    rig.says(A, "ill");
    rig.pass(500);
    rig.kind.remarks.add("tide is high");
    rig.says(A, "well");
    rig.pass(500);
    assertThat(said()).containsExactly("tide is low", "tide is high");
    assertThat(rig.told(Effect.Publish.class).map(published -> published.event().text()))
        .contains("tide is low", "tide is high");
  }

  @Test
  @DisplayName("what the store did not take is said again")
  void notTaken() {
    rig.lead().pass(200);
    rig.kind.remarks.add("tide is low");
    rig.says(A, "ill");
    rig.look(A);
    rig.on(new Input.CommitFailed<>(rig.take().batch().id()));
    rig.pass(3_000);
    assertThat(said()).containsExactly("tide is low");
  }

  @Test
  @DisplayName("in mode observe members are neither stamped nor let beat nor acted on")
  void onlyLooks() {
    rig.kind.beating = Optional.of(A);
    rig.kind.type("polish", Step.act("wash", A, "wash a"));
    rig.kind.wanted.add(ScriptedKind.want("polish"));
    rig.lead().pass(2_000);
    assertThat(rig.told(Effect.StampMember.class)).isEmpty();
    assertThat(rig.told(Effect.Heartbeat.class)).isEmpty();
    assertThat(rig.told(Effect.Act.class)).isEmpty();
    assertThat(rig.store.operations()).isEmpty();
  }
}
