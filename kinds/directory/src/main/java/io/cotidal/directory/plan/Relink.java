package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.DirectoryFacts;
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
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Bring the edges between members that hold the data to what the topology asks for: make what is
 * missing, then, with looks in between and a proof, take away what is too many.
 */
final class Relink implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "relink";

  /** Input: edges to make. */
  static final String ADD = "add";

  /** Input: edges to take away. */
  static final String CUT = "cut";

  /** More than that are left to the next run. */
  static final int MOST = 150;

  private static final String PROVE = "prove";

  private final Graphs graphs;

  Relink(Graphs graphs) {
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
    List<Edge> add = Moves.edges(input.get(ADD, ""));
    List<Edge> cut = Moves.edges(input.get(CUT, ""));
    if (!add.isEmpty()) {
      return Works.rest(run, make(add, spec));
    }
    List<Step> unlinks = new ArrayList<>();
    cut.forEach(edge ->
        unlinks.add(
            Moves.unlink(spec, edge, spec.server(edge.to()).orElse(null)).after(Set.of(PROVE))));
    if (run.isDone(PROVE)) {
      return Works.rest(run, unlinks);
    }
    Proof proof = new Picture(spec, state, graphs).proofWithout(cut);
    if (!proof.connected()) {
      return new Continuation.Moot("without " + Moves.shown(cut) + ": " + proof.sentence());
    }
    unlinks.addFirst(
        Step.decision(
            PROVE,
            "without " + Moves.shown(cut) + ": " + proof.sentence(),
            Details.of("proof", proof.sentence())));
    return Continuation.rest(unlinks);
  }

  /** Every edge side by side, then each supplier once without its pause. */
  static List<Step> make(List<Edge> edges, DirectorySpec spec) {
    List<Step> steps = new ArrayList<>();
    SortedMap<MemberId, Set<String>> made = new TreeMap<>();
    SortedMap<MemberId, SortedSet<MemberId>> reached = new TreeMap<>();
    for (Edge edge : edges) {
      Step link = Moves.link(spec, edge).orElse(null);
      if (link != null && spec.server(edge.from()).isPresent()) {
        steps.add(link);
        made.computeIfAbsent(edge.from(), from -> new HashSet<>()).add(link.key());
        reached.computeIfAbsent(edge.from(), from -> new TreeSet<>()).add(edge.to());
      }
    }
    for (Map.Entry<MemberId, Set<String>> one : made.entrySet()) {
      SortedSet<MemberId> to = reached.getOrDefault(one.getKey(), new TreeSet<>());
      steps.add(Moves.poke(one.getKey(), to).after(one.getValue()));
    }
    return steps;
  }
}
