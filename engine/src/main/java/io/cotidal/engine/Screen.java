package io.cotidal.engine;

import io.cotidal.model.Operation;
import io.cotidal.model.Progress;
import io.cotidal.model.Spec;
import io.cotidal.model.Wanted;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What screens show of a resource. Pure. */
final class Screen {
  private Screen() {}

  static <S extends Spec, F> ResourceView of(
      Kind<S, F> kind, S spec, State<F> state, Map<String, Progress> progress) {
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
        progress,
        List.copyOf(state.items().values()),
        MembershipView.of(state),
        state.pause().orElse(null));
  }
}
