package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what screens see of a resource")
final class DisplayTest {
  private final ManualClock clock = new ManualClock();
  private final ScriptedBrain brain = new ScriptedBrain();
  private final List<Long> told = new ArrayList<>();
  private int made;
  private Display display = open();

  private Display open() {
    ResourceLoop.Listener listener =
        new ResourceLoop.Listener() {
          @Override
          public void updated(ResourceId id, long version) {
            told.add(version);
          }

          @Override
          public void logged() {}

          @Override
          public void departed(ResourceId id, State<?> state) {}
        };
    ResourceLoop.World world =
        new ResourceLoop.World(clock, new MemoryStore(), listener, () -> true);
    return new Display(ScriptedBrain.ID, world, this::make, () -> display.show());
  }

  private ResourceView make() {
    made++;
    return brain.view();
  }

  @Test
  @DisplayName("what many members say one after the other is shown once, and not late")
  void together() {
    clock.advance(Duration.ofMinutes(1));
    made = 0;
    for (int member = 0; member < 10; member++) {
      brain.guarantee = "as member " + member + " has it";
      display.changed(false);
      clock.advance(Duration.ofMillis(4));
    }
    assertThat(made).isZero();
    clock.advance(Duration.ofMillis(9));
    assertThat(made).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(made).as("50 ms after the first").isEqualTo(1);
    assertThat(display.view().guarantee()).isEqualTo("as member 9 has it");
    assertThat(told).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    assertThat(made).as("nothing has changed since").isEqualTo(1);
  }

  @Test
  @DisplayName("changes that do not end are shown every 50 ms all the same")
  void steady() {
    made = 0;
    for (int change = 0; change < 100; change++) {
      brain.guarantee = "change " + change;
      display.changed(false);
      clock.advance(Duration.ofMillis(10));
    }
    assertThat(made).isBetween(16, 20);
  }

  @Test
  @DisplayName("what somebody is told is shown before he can ask")
  void urgent() {
    brain.guarantee = "asked for";
    display.changed(true);
    assertThat(display.view().guarantee()).isEqualTo("asked for");
    assertThat(told).hasSize(1);
  }
}
