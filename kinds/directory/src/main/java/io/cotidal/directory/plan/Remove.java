package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
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
import java.util.List;
import java.util.Optional;

/**
 * Let go of a member that left: its agreements go, both ways, then its replica id is taken out of
 * everybody's memory once everybody who remains answers. An id is cleaned by force for nobody.
 */
final class Remove implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "remove";

  /** Input: who. */
  static final String MEMBER = "member";

  private static final String PROVE = "prove";
  private static final String FORGET = "forget";

  private final Graphs graphs;

  Remove(Graphs graphs) {
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
    // Two that go at once each wait for their own clean-up: it is the topology they share.
    return List.of(new Lock("remove:" + input.need(MEMBER), true));
  }

  @Override
  public Duration deadline() {
    return Duration.ofDays(30);
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    MemberId member = new MemberId(input.need(MEMBER));
    if (run.isDone(FORGET) || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    Picture picture = new Picture(spec, state, graphs);
    boolean begun = run.isDone(PROVE);
    if (!begun && spec.server(member).isPresent()) {
      return new Continuation.Moot(member + " is back");
    }
    if (!begun && !picture.ledger.members().contains(member)) {
      return new Continuation.Moot(member + " is unknown to the ledger");
    }
    Proof proof = picture.proof();
    if (!begun && !proof.connected()) {
      return new Continuation.Wait("without " + member + ", " + proof.sentence());
    }
    Server server = picture.ledger.server(member).orElse(null);
    List<Step> steps = new ArrayList<>();
    Step prove =
        Step.decision(
                PROVE,
                "without " + member + ": " + proof.sentence(),
                Details.of("proof", proof.sentence()))
            .thenDecide();
    steps.add(prove);
    Step retire = Moves.retire(member, server).after(prove).noReturn().thenDecide();
    boolean unreachable = run.failures(retire.key()) > 0;
    if (!unreachable && spec.server(member).isEmpty()) {
      steps.add(retire);
    }
    for (MemberId one : spec.members()) {
      if (one.equals(member)) {
        continue;
      }
      for (Edge edge : List.of(new Edge(one, member), new Edge(member, one))) {
        Step unlink = Moves.unlink(spec, edge, server).after(prove).thenDecide();
        if (run.last(unlink.key()).isPresent() || due(picture, edge, one)) {
          steps.add(unlink);
        }
      }
    }
    if (!Works.over(run, steps)) {
      return Works.rest(run, steps);
    }
    if (Works.rest(run, steps) instanceof Continuation.GiveUp failed) {
      return failed;
    }
    return cleaned(picture, run, member);
  }

  /** Whether an agreement of ours about that edge stands on {@code holder}, which answers. */
  private static boolean due(Picture picture, Edge edge, MemberId holder) {
    Agreement agreement = picture.paths.present().get(edge);
    return agreement != null
        && agreement.owned()
        && agreement.holder(edge).equals(holder)
        && picture.answers(holder);
  }

  private static Continuation cleaned(Picture picture, Run run, MemberId member) {
    List<MemberId> away =
        picture.spec.members().stream()
            .filter(one -> picture.belongs(one) && !picture.answers(one))
            .toList();
    if (!away.isEmpty()) {
      return new Continuation.Wait(
          Moves.names(away)
              + " must answer: until then its agreement and the id of "
              + member
              + " stay remembered there");
    }
    List<Edge> unready = unready(picture);
    if (!unready.isEmpty()) {
      return new Continuation.Wait(
          Moves.shown(unready)
              + " must work: until then the id of "
              + member
              + " stays remembered everywhere");
    }
    Integer id = picture.ledger.id(member);
    long seconds = picture.state.now().micros() / 1_000_000;
    Step forget =
        Step.decision(FORGET, member + " is let go of", Details.of(MEMBER, member))
            .writing(Ledger.gone(member, id, seconds));
    Optional<MemberId> cleaner = id == null ? Optional.empty() : cleaner(picture, run, id);
    if (id == null || cleaner.isEmpty()) {
      return Continuation.rest(List.of(forget));
    }
    Step clean = Moves.clean(cleaner.get(), id, member.name()).noReturn();
    if (run.isDone(clean.key())) {
      return Continuation.rest(List.of(forget));
    }
    return run.failures(clean.key()) >= Works.TRIES
        ? new Continuation.GiveUp(run.problem(clean.key()))
        : Continuation.rest(List.of(clean, forget.after(clean)));
  }

  /**
   * Paths that are still to be made, or that are stalled. A server that begins to take an id out
   * while somebody has not heard of it asks again only after ten seconds, then twenty, and so on;
   * and what it takes out of the changelog may be what a stalled path needs.
   */
  private static List<Edge> unready(Picture picture) {
    return picture.wanted().stream()
        .filter(edge -> {
          Agreement agreement = picture.paths.present().get(edge);
          return agreement == null || agreement.status() == Agreement.Status.STALLED;
        })
        .toList();
  }

  /** Who takes the id out: who did it, or tried; else the first that remembers it. */
  private static Optional<MemberId> cleaner(Picture picture, Run run, int id) {
    for (MemberId one : picture.belonging()) {
      if (run.last(Moves.clean(one, id, "").key()).isPresent()) {
        return Optional.of(one);
      }
    }
    return picture.belonging().stream()
        .filter(one -> {
          DirectoryFacts facts = picture.facts(one);
          return facts != null && facts.vector().elements().containsKey(id);
        })
        .findFirst();
  }

  /** What is asked for to remove {@code member}. */
  static Details input(MemberId member, Ledger ledger) {
    Integer id = ledger.id(member);
    Details input = Details.of(MEMBER, member);
    Details with = id == null ? input : input.with(Acts.ID, id);
    return ledger
        .server(member)
        .map(server -> with.with("address", Ledger.address(server)))
        .orElse(with);
  }
}
