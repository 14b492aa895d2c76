package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Take members in: give them ids, prepare them side by side, fill them from who holds the data, and
 * join them to the topology as soon as both ends of an edge hold it.
 */
final class Build implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "build";

  /** Input: whose data it is; absent if members share it already. */
  static final String SEED = "seed";

  /** The lock of whoever changes the topology. */
  static final List<Lock> TOPOLOGY = List.of(new Lock("topology", true));

  private static final String ALLOT = "allot";

  private final Graphs graphs;

  Build(Graphs graphs) {
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
    return TOPOLOGY;
  }

  @Override
  public Duration deadline() {
    return Moves.FILLING.multipliedBy(4);
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.isDone(ALLOT)) {
      return Works.rest(run, steps(Allotment.read(run.evidence(ALLOT)), run, spec));
    }
    Picture picture = new Picture(spec, state, graphs);
    Allotment allotment = Allotment.of(picture, Moves.members(input.get(Acts.MEMBERS, "")));
    if (allotment.isEmpty() && Allotment.unknown(picture).isEmpty()) {
      return new Continuation.Moot("nobody is there any more who could be taken in");
    }
    Step allot =
        Step.decision(ALLOT, allotment.sentence(), allotment.evidence(picture))
            .writing(allotment.ledger(picture));
    List<Step> all = new ArrayList<>();
    all.add(allot);
    for (Step step : steps(allotment, run, spec)) {
      Set<String> needs = new HashSet<>(step.needs());
      needs.add(ALLOT);
      all.add(step.after(needs));
    }
    return Works.rest(run, all);
  }

  @Override
  public List<Step> predicted(Details input, DirectorySpec spec, State<DirectoryFacts> state) {
    Picture picture = new Picture(spec, state, graphs);
    Allotment allotment = Allotment.of(picture, Moves.members(input.get(Acts.MEMBERS, "")));
    return allotment.generation().isEmpty() ? joins(allotment, "", spec) : List.of();
  }

  /** Every step, in an order in which each comes after what it needs. */
  private static List<Step> steps(Allotment allotment, Run run, DirectorySpec spec) {
    List<Step> steps = new ArrayList<>();
    MemberId seed = allotment.seed();
    String generation = allotment.generation();
    for (Map.Entry<MemberId, Integer> one : allotment.ids().entrySet()) {
      if (spec.server(one.getKey()).isEmpty()) {
        continue;
      }
      Step prepare = Moves.prepare(one.getKey(), one.getValue());
      if (one.getKey().equals(seed)) {
        prepare = prepare.writing(Details.of(Ledger.GENERATION, "@" + Acts.GENERATION));
        String given = run.evidence(prepare.key()).get(Acts.GENERATION, "");
        // Only the seed itself can tell which data set it is: the rest is planned with its answer.
        prepare = generation.isEmpty() ? prepare.thenDecide() : prepare;
        generation = generation.isEmpty() ? given : generation;
      }
      steps.add(prepare);
    }
    if (!generation.isEmpty()) {
      steps.addAll(joins(allotment, generation, spec));
    }
    return steps;
  }

  /** Who is filled by whom, and the edges that follow. */
  private static List<Step> joins(Allotment allotment, String generation, DirectorySpec spec) {
    List<Step> steps = new ArrayList<>();
    Map<MemberId, String> filled = new HashMap<>();
    for (Edge edge : allotment.fills()) {
      Step link = Moves.link(spec, edge).orElse(null);
      if (link == null || spec.server(edge.from()).isEmpty()) {
        continue;
      }
      Set<String> needs = new HashSet<>();
      needs(needs, allotment, edge.from(), filled);
      needs.add(Moves.prepare(edge.to(), 0).key());
      steps.add(link.after(needs));
      Step fill = Moves.fill(edge, generation, "empty").after(link);
      filled.put(edge.to(), fill.key());
      steps.add(fill);
    }
    Map<MemberId, Set<String>> made = new TreeMap<>();
    Map<MemberId, Set<MemberId>> reached = new TreeMap<>();
    for (Edge edge : allotment.links()) {
      Step link = Moves.link(spec, edge).orElse(null);
      if (link == null || spec.server(edge.from()).isEmpty()) {
        continue;
      }
      Set<String> needs = new HashSet<>();
      needs(needs, allotment, edge.from(), filled);
      needs(needs, allotment, edge.to(), filled);
      steps.add(link.after(needs));
      made.computeIfAbsent(edge.from(), from -> new HashSet<>()).add(link.key());
      reached.computeIfAbsent(edge.from(), from -> new TreeSet<>()).add(edge.to());
    }
    // A supplier that met a busy consumer pauses for seconds: it is told to go on.
    made.forEach((from, links) ->
        steps.add(Moves.poke(from, reached.getOrDefault(from, Set.of())).after(links)));
    return steps;
  }

  /** What must be done before {@code member} holds the data. */
  private static void needs(
      Set<String> needs, Allotment allotment, MemberId member, Map<MemberId, String> filled) {
    String fill = filled.get(member);
    if (fill != null) {
      needs.add(fill);
    } else if (allotment.ids().containsKey(member)) {
      needs.add(Moves.prepare(member, 0).key());
    }
  }
}
