package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fill a member anew from another: what it alone has is lost. For members whose suppliers no longer
 * know what they lack, and for those that a person wants overwritten.
 */
final class Reinitialise implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "reinitialise";

  /** Input: who is overwritten. */
  static final String MEMBER = "member";

  /** Input: with whose data. */
  static final String FROM = "from";

  private static final String DECIDE = "allot";

  private final Graphs graphs;

  Reinitialise(Graphs graphs) {
    this.graphs = graphs;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Build.TOPOLOGY;
  }

  @Override
  public Duration deadline() {
    return Moves.FILLING.multipliedBy(2);
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    MemberId member = new MemberId(input.need(MEMBER));
    MemberId from = new MemberId(input.need(FROM));
    if (spec.server(member).isEmpty() || spec.server(from).isEmpty()) {
      return new Continuation.GiveUp(member + " or " + from + " is no member any more");
    }
    if (run.isDone(DECIDE)) {
      return Works.rest(run, work(run.evidence(DECIDE), input, spec));
    }
    Picture picture = new Picture(spec, state, graphs);
    DirectoryFacts source = picture.facts(from);
    DirectoryFacts old = picture.facts(member);
    if (source == null || old == null || !picture.suppliers().contains(from)) {
      return new Continuation.Moot(from + " or " + member + " is not in a state for it");
    }
    boolean careful = input.get(Acts.EXPECT, "any").equals("same");
    if (careful && !source.vector().covers(old.vector())) {
      return new Continuation.Moot(member + " has changes that " + from + " lacks");
    }
    Details evidence =
        evidence(picture, member, old).with(Acts.GENERATION, picture.seeds.generation());
    Step decide =
        Step.decision(DECIDE, "fill " + member + " anew from " + from, evidence)
            .writing(
                Ledger.note(
                        spec.server(member).orElseThrow(), Integer.parseInt(evidence.need(Acts.ID)))
                    .with(Ledger.willFill(member)));
    List<Step> steps = new ArrayList<>();
    steps.add(decide);
    for (Step step : work(evidence, input, spec)) {
      steps.add(step.needs().isEmpty() ? step.after(decide) : step);
    }
    return Continuation.rest(steps);
  }

  /** Its id, which stays unless it cannot be used any more; and who sends to it. */
  private static Details evidence(Picture picture, MemberId member, DirectoryFacts old) {
    Replica replica = old.replica();
    boolean usable = replica != null && !picture.clashes.returned(member);
    Integer given = picture.ledger.id(member);
    int id =
        usable && replica != null
            ? replica.id()
            : given != null
                ? given
                : new Ids(picture.ledger, known(picture), picture.state.now()).next();
    List<MemberId> senders = new ArrayList<>();
    for (Edge edge : picture.paths.present().keySet()) {
      if (edge.to().equals(member) && picture.answers(edge.from())) {
        senders.add(edge.from());
      }
    }
    return Details.of(Acts.ID, id)
        .with(Acts.RETIRE, replica != null && !usable)
        .with(Acts.MEMBERS, Moves.names(senders))
        .with("lost", Moves.names(ahead(picture, member, old)));
  }

  /** Suppliers that lack something that {@code member} has: it goes with the filling. */
  private static List<MemberId> ahead(Picture picture, MemberId member, DirectoryFacts old) {
    return picture.suppliers().stream()
        .filter(one -> !one.equals(member))
        .filter(one -> {
          DirectoryFacts facts = picture.facts(one);
          return facts == null || !facts.vector().covers(old.vector());
        })
        .toList();
  }

  static List<DirectoryFacts> known(Picture picture) {
    List<DirectoryFacts> known = new ArrayList<>();
    for (MemberId one : picture.spec.members()) {
      DirectoryFacts facts = picture.known(one);
      if (facts != null) {
        known.add(facts);
      }
    }
    return known;
  }

  private static List<Step> work(Details decided, Details input, DirectorySpec spec) {
    MemberId member = new MemberId(input.need(MEMBER));
    MemberId from = new MemberId(input.need(FROM));
    Edge edge = new Edge(from, member);
    List<Step> steps = new ArrayList<>();
    Step prepare = Moves.prepare(member, Integer.parseInt(decided.need(Acts.ID)));
    if (decided.get(Acts.RETIRE, "").equals("true")) {
      Step retire = Moves.retire(member, null);
      steps.add(retire);
      prepare = prepare.after(retire);
    }
    steps.add(prepare);
    Step link = Moves.link(spec, edge).orElseThrow().after(prepare);
    steps.add(link);
    Step fill =
        Moves.fill(edge, decided.get(Acts.GENERATION, ""), input.get(Acts.EXPECT, "any"))
            .after(link)
            .noReturn();
    steps.add(fill);
    TreeSet<MemberId> senders = new TreeSet<>(Moves.members(decided.get(Acts.MEMBERS, "")));
    senders.add(from);
    for (MemberId sender : senders) {
      if (spec.server(sender).isPresent()) {
        steps.add(Moves.poke(sender, List.of(member)).after(Set.of(fill.key())));
      }
    }
    return steps;
  }

  /** The most advanced supplier for {@code member}. */
  static Optional<MemberId> source(Picture picture, MemberId member) {
    List<MemberId> able = picture.suppliers().stream().filter(one -> !one.equals(member)).toList();
    return able.stream()
        .min(Comparator.comparingLong((MemberId one) -> -covered(picture, one, able)));
  }

  private static long covered(Picture picture, MemberId one, List<MemberId> others) {
    DirectoryFacts facts = picture.facts(one);
    return others.stream()
        .filter(other -> {
          DirectoryFacts theirs = picture.facts(other);
          return facts != null && theirs != null && facts.vector().covers(theirs.vector());
        })
        .count();
  }
}
