package io.cotidal.runtime;

import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** Remembers its inputs and answers what the test says. */
final class ScriptedBrain implements Brain<TestKind.Shore, String> {
  static final ResourceId ID = new ResourceId("test", "one");

  record Healthy() implements Diagnosis {
    @Override
    public String code() {
      return "healthy";
    }

    @Override
    public String sentence() {
      return "all is well";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public Details evidence() {
      return Details.NONE;
    }
  }

  final List<Input<TestKind.Shore, String>> inputs = new CopyOnWriteArrayList<>();
  volatile BiFunction<Input<TestKind.Shore, String>, Moment, List<Effect>> script =
      (input, now) -> List.of();
  volatile State<String> state = State.empty(new Moment(0, 0), List.of());
  volatile String guarantee = "";
  volatile boolean viewBroken;

  @Override
  public List<Effect> on(Input<TestKind.Shore, String> input, Moment now) {
    inputs.add(input);
    return script.apply(input, now);
  }

  @Override
  public State<String> state() {
    return state;
  }

  @Override
  public ResourceView view() {
    if (viewBroken) {
      throw new IllegalStateException("no such column");
    }
    return new ResourceView(
        ID,
        0,
        Mode.MANAGE,
        true,
        1,
        new Healthy(),
        true,
        List.of(),
        guarantee,
        Details.NONE,
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of());
  }

  /** The inputs of one type, in order. */
  <T> List<T> all(Class<T> type) {
    return inputs.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
