package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.succession.Candidates.Position;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The part that every change of primary shares: cut the standbys off, choose by what they hold,
 * prove that the old primary acknowledges nothing any more, promote, let the others follow.
 *
 * <p>Safety rests on one fact: a commit is acknowledged only after {@code k} members of the quorum
 * list have it on disk. Standbys are cut off <em>before</em> their position is read, so what they
 * hold is final; and among {@code quorum.size() - k + 1} of them at least one holds every
 * acknowledged commit. The same cut makes the old primary harmless even while it lives: fewer than
 * {@code k} members are left that could confirm a commit of its.
 */
final class Succession {
  private static final String CHOOSE = "choose";

  /**
   * What kind of change of primary this is.
   *
   * @param old the primary so far
   * @param to the member that must succeed; empty if the best shall
   * @param oldCounts whether the old primary is itself a candidate, cut off like the others (a cold
   *     start)
   * @param proven why the old primary acknowledges nothing, if that is known beforehand; empty
   *     otherwise
   * @param behind a position that the successor must have passed; 0 if none
   * @param acceptLoss whether somebody takes the loss of what no member has that could succeed
   */
  record Plan(
      MemberId old,
      Optional<MemberId> to,
      boolean oldCounts,
      String proven,
      long behind,
      boolean acceptLoss) {
    /** Nobody takes a loss. */
    Plan(MemberId old, Optional<MemberId> to, boolean oldCounts, String proven, long behind) {
      this(old, to, oldCounts, proven, behind, false);
    }

    /** The same, of a primary that has become a standby and is a candidate itself. */
    Plan comingBack() {
      return new Plan(old, Optional.empty(), true, proven, behind, acceptLoss);
    }

    /** The same; what no successor has is lost. */
    Plan accepting() {
      return new Plan(old, to, oldCounts, proven, behind, true);
    }
  }

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Run run;
  private final Ledger ledger;
  private final Plan plan;
  private final Candidates candidates;
  private final Out out;
  private final Upstreams upstreams;

  Succession(PostgresSpec spec, State<PgFacts> state, Run run, Plan plan) {
    this.spec = spec;
    this.state = state;
    this.run = run;
    this.ledger = Ledger.of(state.ledger());
    this.plan = plan;
    this.out = Out.of(state, ledger);
    this.upstreams = new Upstreams(spec, state, ledger, out);
    this.candidates = new Candidates(ledger, run, plan, new Bars(spec, state, run, plan));
  }

  /** Whether {@code run} has come to a promotion, whatever became of it. */
  static boolean promoting(Run run) {
    return run.rows().stream().anyMatch(row -> row.step().act().equals(Acts.PROMOTE));
  }

  /**
   * The end of a run that began when another one had succeeded {@code old} already: it may have
   * waited for its turn since it was wanted, and would choose as if nobody had.
   */
  static Optional<Continuation> tooLate(Run run, State<PgFacts> state, MemberId old) {
    return Ledger.of(state.ledger())
        .primary()
        .filter(primary -> !primary.equals(old) && !promoting(run))
        .map(primary -> new Continuation.Moot(primary + " has become primary since"));
  }

  /** What remains, from the cut-off on. */
  Continuation rest() {
    Optional<MemberId> promoted = promoted();
    if (promoted.isPresent()) {
      return afterPromotion(promoted.get());
    }
    List<Step> cuts = cutOffs();
    if (candidates.enough()) {
      // Once a promotion is on its way nobody else is asked before its end is known.
      List<Step> first = promoting(run) ? List.of() : union(unasked(cuts), leaves());
      return first.isEmpty() ? choose() : Continuation.rest(first);
    }
    boolean hope =
        candidates.couldBeEnough(cuts.stream().map(Step::member).filter(Objects::nonNull).toList());
    if (cuts.isEmpty() || !hope) {
      return new Continuation.Wait(candidates.shortage());
    }
    new Guarding(spec, state).note(run, plan.old()).ifPresent(cuts::addFirst);
    return Continuation.rest(cuts);
  }

  /** Who would be chosen from if the members stayed as they are. */
  Candidates likely() {
    List<Position> guess = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      boolean candidate = !member.id().equals(plan.old()) && !out.aside(member.id());
      if (facts != null && facts.recovering() && candidate) {
        guess.add(new Position(member.id(), facts.timeline(), facts.position()));
      }
    }
    return candidates.with(guess);
  }

  /** The steps of the whole way, for a dry run, if the members stay as they are. */
  List<Step> predicted() {
    return predicted(likely());
  }

  /** The same if a stop in order comes first, which sends everybody all that there is. */
  List<Step> predictedInOrder() {
    return predicted(likely().level());
  }

  private List<Step> predicted(Candidates likely) {
    return likely
        .best()
        .map(chosen -> {
          List<Step> steps = new ArrayList<>();
          steps.add(chooseStep(chosen, likely, ""));
          steps.addAll(succeed(chosen, likely, ""));
          return steps;
        })
        .orElse(List.of());
  }

  private Optional<MemberId> promoted() {
    for (StepRecord row : run.rows()) {
      if (row.step().act().equals(Acts.PROMOTE)
          && row.state() == StepState.DONE
          && row.step().member() != null) {
        return Optional.ofNullable(row.step().member());
      }
    }
    return Optional.empty();
  }

  /**
   * Once a member is promoted, nothing that fails may undo it: what is left over is planned
   * afterwards.
   */
  private Continuation afterPromotion(MemberId primary) {
    List<Step> rest = new ArrayList<>();
    if (run.occasion() != Run.Occasion.FAILURE) {
      for (MemberId member : candidates.members()) {
        Step follow = follow(member, primary);
        boolean follows = !member.equals(primary) && !ledger.mustBeCopied(member);
        if (follows && !run.isDone(follow.key())) {
          rest.add(follow);
        }
      }
    }
    return Continuation.rest(rest);
  }

  private List<Step> cutOffs() {
    List<Step> cuts = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      boolean candidate =
          (plan.oldCounts() || !member.id().equals(plan.old())) && !out.aside(member.id());
      MemberId from = facts == null ? null : facts.upstream();
      Step cut = cutOff(member.id(), from == null ? plan.old() : from);
      if (candidate && facts != null && facts.recovering() && !run.isDone(cut.key())) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  /** Without a quorum one is enough, and whoever was not asked may have more than that one. */
  private List<Step> unasked(List<Step> cuts) {
    return ledger.k() > 0
        ? List.of()
        : cuts.stream().filter(cut -> run.failures(cut.key()) == 0).toList();
  }

  private static List<Step> union(List<Step> one, List<Step> other) {
    List<Step> both = new ArrayList<>(one);
    other.stream().filter(step -> !one.contains(step)).forEach(both::add);
    return both;
  }

  /** Whether each promotion that was begun is known to have come to nothing. */
  private boolean promotionsFailed() {
    return run.rows().stream()
        .filter(row -> row.step().act().equals(Acts.PROMOTE))
        .allMatch(row -> row.state() == StepState.FAILED);
  }

  /** Cuts those off that may stream from whoever would be chosen, as far as they answer. */
  private List<Step> leaves() {
    List<MemberId> attached =
        candidates.best().map(best -> attached(best.member(), candidates)).orElse(List.of());
    return cutOffs().stream()
        .filter(cut -> attached.contains(cut.member()) && run.failures(cut.key()) == 0)
        .toList();
  }

  /**
   * Who may stream from {@code chosen} and was not cut off: it goes along with whatever that one
   * does, before anybody hears of it. What a primary that comes back in its place does is looked
   * for on its own list.
   */
  private List<MemberId> attached(MemberId chosen, Candidates from) {
    return chosen.equals(plan.old())
        ? List.of()
        : spec.members().stream()
            .filter(member ->
                !from.members().contains(member) && upstreams.mayStreamFrom(member, chosen))
            .toList();
  }

  /** Cuts a standby off from whom it streams: the primary that is replaced, or another standby. */
  static Step cutOff(MemberId member, MemberId from) {
    return Step.act(
            Acts.CUT_OFF,
            member,
            "cut " + member + " off from " + from + ", then read how far it got")
        .within(Duration.ofSeconds(2))
        .thenDecide();
  }

  private Continuation choose() {
    Set<MemberId> failed = candidates.failed();
    Optional<Position> best = candidates.best();
    Optional<String> barred = candidates.barred();
    if (best.isEmpty() && failed.isEmpty() && barred.isPresent()) {
      return new Continuation.Wait(barred.get());
    }
    List<Step> unasked = unasked(cutOffs());
    if (best.isEmpty() && !unasked.isEmpty() && promotionsFailed()) {
      return Continuation.rest(unasked);
    }
    if (best.isEmpty()) {
      return new Continuation.Stuck(
          "no member that could be promoted holds every acknowledged commit; tried: "
              + Ledger.join(failed),
          List.of(Lock.resource()));
    }
    Position chosen = best.get();
    Optional<String> objection = candidates.objection(chosen);
    if (objection.isPresent()) {
      return new Continuation.GiveUp(objection.get());
    }
    List<Step> questions = PluginSteps.select(spec, run, chosen, candidates.positions());
    if (failed.isEmpty() && !questions.isEmpty()) {
      return Continuation.rest(questions);
    }
    String suffix = failed.isEmpty() ? "" : " " + (failed.size() + 1);
    List<Step> steps = new ArrayList<>();
    if (!run.isDone(CHOOSE + suffix)) {
      steps.add(chooseStep(chosen, candidates, suffix));
    }
    steps.addAll(succeed(chosen, candidates, suffix));
    return Continuation.rest(steps);
  }

  private Step chooseStep(Position chosen, Candidates from, String suffix) {
    Details reasons = from.reasons(chosen).with("rule", from.rule());
    for (MemberState<PgFacts> member : state.members().values()) {
      if (!reasons.has(member.id().name())) {
        reasons =
            reasons.with(
                member.id().name(),
                "no candidate: "
                    + (out.aside(member.id())
                        ? out.why(member.id())
                        : Sentences.member(member, state.now())));
      }
    }
    return Step.decision(
        CHOOSE + suffix,
        "choose "
            + chosen.member()
            + ": it is at "
            + Sentences.lsn(chosen.position())
            + ", the furthest of "
            + from.positions().size(),
        reasons);
  }

  /** The steps from a choice to a new primary that everybody follows. */
  private List<Step> succeed(Position successor, Candidates from, String suffix) {
    MemberId chosen = successor.member();
    List<Step> steps = new ArrayList<>();
    Set<String> before = run.isDone(CHOOSE + suffix) ? Set.of() : Set.of(CHOOSE + suffix);
    Proofs proofs = new Proofs(spec, state, run, plan);
    List<Step> missing = proofs.missing(chosen, from);
    for (Step proof : missing) {
      steps.add(proof.after(before));
      before = Set.of(proof.key());
    }
    Promotion promotion = new Promotion(spec, ledger, plan, out);
    Promotion.Attached attached =
        run.done(Promotion.nomination(chosen))
            .map(row -> Promotion.Attached.of(row.evidence()))
            .orElseGet(() -> Promotion.Attached.of(attached(chosen, from), ledger));
    Step nominate = promotion.nominate(chosen, proofs.ladder(missing), attached).after(before);
    if (!run.isDone(nominate.key())) {
      steps.add(nominate);
      before = Set.of(nominate.key());
    }
    // Who is on a later timeline than the successor is on another branch than the one that begins.
    List<MemberId> others =
        from.positions().stream()
            .filter(at -> !at.member().equals(chosen) && at.timeline() <= successor.timeline())
            .map(Position::member)
            .toList();
    Step promote = promotion.promote(successor, others, attached).after(before);
    steps.add(promote);
    for (MemberId other : others) {
      if (!ledger.mustBeCopied(other)) {
        steps.add(follow(other, chosen).after(promote));
      }
    }
    return steps;
  }

  private Step follow(MemberId member, MemberId primary) {
    return Step.act(Acts.FOLLOW, member, "let " + member + " follow " + primary)
        .with(Acts.UPSTREAM, primary)
        .with(Acts.STREAM, true)
        .within(Duration.ofSeconds(5));
  }
}
