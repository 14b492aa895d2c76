package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Set the configured replication password: on the account of each member that answers, and in its
 * agreements. Sessions that are open go on; who was refused in between is told to try again.
 */
final class Rotate implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "rotate";

  /** Input: on whom. */
  static final String MEMBERS = "members";

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
    return Build.TOPOLOGY;
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    List<Step> steps = new ArrayList<>();
    Set<String> rotated = new HashSet<>();
    for (MemberId member : Moves.members(input.need(MEMBERS))) {
      if (spec.server(member).isPresent()) {
        Step rotate = Moves.rotate(member);
        steps.add(rotate);
        rotated.add(rotate.key());
      }
    }
    Picture picture = new Picture(spec, state, graphs);
    for (MemberId member : picture.belonging()) {
      List<MemberId> to = new ArrayList<>();
      for (Edge edge : picture.paths.present().keySet()) {
        if (edge.from().equals(member) && picture.belongs(edge.to())) {
          to.add(edge.to());
        }
      }
      if (!to.isEmpty() && picture.answers(member)) {
        steps.add(Moves.poke(member, to).after(rotated));
      }
    }
    return Works.rest(run, steps);
  }

  /** Members that answer and on which another password was stored. */
  static List<MemberId> due(Picture picture) {
    return picture.answering(Picture.Standing.IN).stream()
        .filter(member -> {
          DirectoryFacts facts = picture.facts(member);
          Replica replica = facts == null ? null : facts.replica();
          return facts != null
              && replica != null
              && (replica.credentials() == Credentials.OTHER
                  || facts.agreements().stream()
                      .anyMatch(one -> one.owned() && one.credentials() == Credentials.OTHER));
        })
        .toList();
  }
}
