package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.List;

/** Take over agreements that somebody made by hand: from then on they are kept as ours are. */
final class Adopt implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "adopt";

  /** Input: which. */
  static final String EDGES = "edges";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Build.TOPOLOGY;
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    List<Step> steps = new ArrayList<>();
    for (Edge edge : Moves.edges(input.need(EDGES))) {
      spec.server(edge.to())
          .filter(to -> spec.server(edge.from()).isPresent())
          .ifPresent(to ->
              steps.add(
                  Moves.adopt(edge)
                      .with(Acts.HOST, to.host())
                      .with(Acts.PORT, Paths.port(spec, to))));
    }
    return Works.rest(run, steps);
  }
}
