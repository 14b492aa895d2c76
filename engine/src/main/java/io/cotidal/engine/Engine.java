package io.cotidal.engine;

import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.Spec;
import io.cotidal.model.Wanted;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One resource's engine: takes inputs, answers effects. Not thread-safe; one owner calls it.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public final class Engine<S extends Spec, F> {
  private final Kind<S, F> kind;
  private S spec;
  private State<F> state;

  /** An engine that knows nothing yet; its first effects come with its first {@link Input.Tick}. */
  public Engine(Kind<S, F> kind, S spec, Moment now) {
    this.kind = kind;
    this.spec = spec;
    this.state = State.empty(now, spec.members());
  }

  /** Takes one input and says what is to be done now. */
  public List<Effect> on(Input<S, F> input, Moment now) {
    state = state.at(now);
    return List.of();
  }

  /** What is known. */
  public State<F> state() {
    return state;
  }

  /** The spec in force. */
  public S spec() {
    return spec;
  }

  /** What screens show. */
  public ResourceView view() {
    List<Wanted> wanted = kind.plan(spec, state);
    return new ResourceView(
        spec.id(),
        state.now().micros(),
        spec.mode(),
        state.leading(),
        state.epoch(),
        kind.diagnose(spec, state),
        wanted.isEmpty(),
        wanted,
        kind.guarantee(spec, state),
        state.ledger(),
        kind.members(spec, state),
        kind.links(spec, state),
        Stream.concat(state.open(), state.recent())
            .sorted(Comparator.comparingLong(Operation::number).reversed())
            .toList(),
        Map.of());
  }
}
