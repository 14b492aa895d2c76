package io.cotidal.simulator;

import io.cotidal.engine.Engine;
import io.cotidal.engine.State;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must come back once nothing is broken any more. */
final class Peace {
  private final History history;

  Peace(History history) {
    this.history = history;
  }

  /**
   * What is missing: one primary that answers, everybody streams, nothing is wanted or under way.
   */
  List<String> unrest() {
    Engine<PostgresSpec, PgFacts> leader = leader();
    if (leader == null) {
      return List.of("in peace nobody leads: " + history.managers());
    }
    List<String> unrest = new ArrayList<>();
    State<PgFacts> state = leader.state();
    Diagnosis diagnosis = history.kind().diagnose(history.spec(), state);
    if (!diagnosis.code().equals("healthy") && !startedByOthers(diagnosis)) {
      unrest.add("in peace: " + diagnosis.sentence());
    }
    List<Wanted> wanted = history.kind().plan(history.spec(), state);
    if (!wanted.isEmpty()) {
      unrest.add("in peace there is still a plan: " + wanted);
    }
    state
        .open()
        .filter(open -> open.state() != OperationState.PROPOSED)
        .forEach(open -> unrest.add("in peace " + open.type() + " is " + open.state()));
    Wal newest = history.invariants().newest();
    SimServer primary = primary();
    if (primary != null && newest != null && !newest.within(primary.wal)) {
      unrest.add("the primary lacks the acknowledged " + newest);
    }
    return unrest;
  }

  /** Who shall be down and was started by its machine's own unit is named and left alone. */
  private static boolean startedByOthers(Diagnosis diagnosis) {
    return diagnosis instanceof Troubled.Degraded degraded
        && degraded.troubles().stream().allMatch(trouble -> trouble.contains("runs although"));
  }

  private @Nullable Engine<PostgresSpec, PgFacts> leader() {
    Engine<PostgresSpec, PgFacts> leader = null;
    for (SimManager manager : history.managers()) {
      Engine<PostgresSpec, PgFacts> engine = manager.engine();
      if (engine != null && engine.state().leading() && history.lease().holds(manager.name())) {
        leader = engine;
      }
    }
    return leader;
  }

  private @Nullable SimServer primary() {
    for (SimServer server : history.world().servers()) {
      if (server.takesWrites()) {
        return server;
      }
    }
    return null;
  }
}
