package io.cotidal.postgres.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Forwarding;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.Optional;

/**
 * An operation of which the operator's plug-ins do some steps. Who does a step changes, how long it
 * may take, and nothing else: its act shows the same afterwards, whoever did it.
 */
record Hooked(OperationType<PostgresSpec, PgFacts> type)
    implements Forwarding<PostgresSpec, PgFacts> {

  private static Optional<Hook> hook(Step step) {
    return switch (step.act()) {
      case Acts.START, Acts.STOP -> Optional.of(Hook.RESTART);
      case Acts.PROMOTE -> Optional.of(Hook.PROMOTE);
      case Acts.CLONE -> Optional.of(Hook.CLONE);
      default -> Optional.empty();
    };
  }

  /** The step as whoever does it in this cluster is told of it. */
  static Step by(PostgresSpec spec, Step step) {
    List<Plugin> plugins = hook(step).map(spec.practice()::plugins).orElse(List.of());
    if (plugins.isEmpty()) {
      return step;
    }
    Plugin plugin = plugins.getFirst();
    return step.with(Acts.PLUGIN, plugin.name())
        .saying(step.sentence() + ", by plug-in " + plugin.name())
        .within(step.deadline().plus(plugin.limit()));
  }

  private static List<Step> by(PostgresSpec spec, List<Step> steps) {
    return steps.stream().map(step -> by(spec, step)).toList();
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Continuation answer = type.steps(input, run, spec, state);
    return answer instanceof Continuation.Rest rest
        ? Continuation.rest(by(spec, rest.steps()))
        : answer;
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    return by(spec, type.predicted(input, spec, state));
  }
}
