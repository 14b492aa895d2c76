package io.cotidal.directory.plan;

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
import io.cotidal.model.MemberId;
import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.HashSet;
import java.util.Set;

/**
 * Set the configured replication password everywhere: on the accounts and in the agreements of
 * every member, each within one act. Sessions that are open go on; who was refused meanwhile is
 * told to try again.
 */
final class Rotate implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "rotate";

  private final Graphs graphs;

  Rotate(Graphs graphs) {
    this.graphs = graphs;
  }

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
    return List.of(Lock.resource());
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    Picture picture = new Picture(spec, state, graphs);
    List<Step> steps = new ArrayList<>();
    Set<String> rotated = new HashSet<>();
    List<MemberId> away = new ArrayList<>();
    for (MemberId member : picture.belonging()) {
      Step rotate = Moves.rotate(member);
      if (picture.answers(member) || run.isDone(rotate.key())) {
        steps.add(rotate);
        rotated.add(rotate.key());
      } else {
        away.add(member);
      }
    }
    if (!away.isEmpty()) {
      return Works.over(run, steps)
          ? new Continuation.Wait(
              Moves.names(away) + " must answer: the password is still the old one there")
          : Works.rest(run, steps);
    }
    for (MemberId member : picture.belonging()) {
      List<MemberId> to = new ArrayList<>();
      for (Edge edge : picture.paths.present().keySet()) {
        if (edge.from().equals(member) && picture.belongs(edge.to())) {
          to.add(edge.to());
        }
      }
      if (!to.isEmpty()) {
        steps.add(Moves.poke(member, to).after(rotated));
      }
    }
    return Works.rest(run, steps);
  }
}
