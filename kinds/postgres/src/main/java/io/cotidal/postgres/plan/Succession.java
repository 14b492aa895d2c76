package io.cotidal.postgres.plan;

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
import io.cotidal.model.WhenUnknown;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
  static final String CHOOSE = "choose";
  private static final String PROVE = "prove";
  private static final String NOMINATE = "nominate";
  private static final int PROMOTE_TRIES = 2;

  /**
   * For how long a promotion is looked at again while nobody can tell whether it took effect.
   * Nobody else is promoted meanwhile: both would have the same timeline number, and no server
   * could tell them apart.
   */
  private static final Duration CANNOT_TELL = Duration.ofHours(1);

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
   */
  record Plan(MemberId old, Optional<MemberId> to, boolean oldCounts, String proven, long behind) {}

  /** How far one member got. */
  private record Position(MemberId member, long timeline, long position) {}

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Run run;
  private final Ledger ledger;
  private final Plan plan;

  Succession(PostgresSpec spec, State<PgFacts> state, Run run, Plan plan) {
    this.spec = spec;
    this.state = state;
    this.run = run;
    this.ledger = Ledger.of(state.ledger());
    this.plan = plan;
  }

  /** What remains, from the cut-off on. */
  Continuation rest() {
    Optional<MemberId> promoted = promoted();
    if (promoted.isPresent()) {
      return afterPromotion(promoted.get());
    }
    List<Position> positions = positions();
    List<Step> cuts = cutOffs();
    if (!enough(positions)) {
      if (cuts.isEmpty() || !couldBeEnough(positions, cuts)) {
        return new Continuation.Wait(shortage(positions));
      }
      return Continuation.rest(cuts);
    }
    return choose(positions);
  }

  /** The steps of the whole way, for a dry run, if the members stay as they are. */
  List<Step> predicted() {
    List<Position> guess = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      if (facts != null && facts.recovering() && !member.id().equals(plan.old())) {
        guess.add(new Position(member.id(), facts.timeline(), facts.position()));
      }
    }
    return best(guess, Set.of())
        .map(chosen -> {
          List<Step> steps = new ArrayList<>();
          steps.add(chooseStep(chosen, guess, ""));
          steps.addAll(succeed(chosen, guess, ""));
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
      for (MemberId member : cutOff()) {
        boolean condemned = ledger.doubts().get(member) == Ledger.Doubt.NOMINATED;
        if (!member.equals(primary) && !condemned && !run.isDone(follow(member, primary).key())) {
          rest.add(follow(member, primary));
        }
      }
    }
    return Continuation.rest(rest);
  }

  private List<Step> cutOffs() {
    List<Step> cuts = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      boolean candidate = plan.oldCounts() || !member.id().equals(plan.old());
      Step cut =
          Step.act(
                  Acts.CUT_OFF,
                  member.id(),
                  "cut " + member.id() + " off from " + plan.old() + ", then read how far it got")
              .within(Duration.ofSeconds(2))
              .thenDecide();
      if (candidate && facts != null && facts.recovering() && !run.isDone(cut.key())) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  private List<MemberId> cutOff() {
    return positions().stream().map(Position::member).toList();
  }

  private List<Position> positions() {
    TreeMap<MemberId, Position> found = new TreeMap<>();
    for (StepRecord row : run.rows()) {
      MemberId member = row.step().member();
      if (row.step().act().equals(Acts.CUT_OFF)
          && row.state() == StepState.DONE
          && member != null) {
        found.put(
            member,
            new Position(
                member,
                Long.parseLong(row.evidence().need(Acts.TIMELINE)),
                Long.parseLong(row.evidence().need(Acts.POSITION))));
      }
    }
    return List.copyOf(found.values());
  }

  /** Whether some of {@code positions} must hold every acknowledged commit. */
  private boolean enough(List<Position> positions) {
    if (plan.oldCounts() && positions.stream().anyMatch(this::isOld)) {
      return true;
    }
    return positions.stream().anyMatch(this::counts) && inQuorum(positions) >= ledger.needed();
  }

  private boolean couldBeEnough(List<Position> positions, List<Step> cuts) {
    List<Position> hoped = new ArrayList<>(positions);
    for (Step cut : cuts) {
      MemberId member = cut.member();
      if (member != null) {
        hoped.add(new Position(member, ledger.timeline(), Long.MAX_VALUE));
      }
    }
    return enough(hoped);
  }

  private boolean isOld(Position position) {
    return position.member().equals(plan.old());
  }

  /** Whether the member may be chosen, and its word counts. */
  private boolean counts(Position position) {
    boolean ours =
        ledger.doubts().get(position.member()) == Ledger.Doubt.NOMINATED
            && run.isDone(NOMINATE + " " + position.member());
    return (plan.oldCounts() && isOld(position))
        || ledger.counts(position.member(), position.timeline(), position.position(), ours);
  }

  private long inQuorum(List<Position> positions) {
    return positions.stream()
        .filter(position -> ledger.quorum().contains(position.member()) && counts(position))
        .count();
  }

  private String shortage(List<Position> positions) {
    return ledger.needed()
        + " of "
        + Ledger.join(ledger.quorum())
        + " must tell their position before one may be chosen, "
        + inQuorum(positions)
        + " did; acknowledged commits could be lost otherwise";
  }

  private Continuation choose(List<Position> positions) {
    Set<MemberId> failed = failedCandidates();
    Optional<Position> chosen = best(positions, failed);
    if (chosen.isEmpty()) {
      return new Continuation.Stuck(
          "no member that could be promoted holds every acknowledged commit; tried: "
              + Ledger.join(failed),
          List.of(Lock.resource()));
    }
    if (chosen.get().position() <= plan.behind()) {
      return new Continuation.GiveUp(
          chosen.get().member() + " has not received all that " + plan.old() + " wrote");
    }
    Optional<MemberId> to = plan.to();
    if (to.isPresent() && !chosen.get().member().equals(to.get())) {
      return new Continuation.GiveUp(
          chosen.get().member() + " is ahead of " + to.get() + ": it must be the one");
    }
    String suffix = failed.isEmpty() ? "" : " " + (failed.size() + 1);
    List<Step> steps = new ArrayList<>();
    if (!run.isDone(CHOOSE + suffix)) {
      steps.add(chooseStep(chosen.get(), positions, suffix));
    }
    steps.addAll(succeed(chosen.get(), positions, suffix));
    return Continuation.rest(steps);
  }

  private Set<MemberId> failedCandidates() {
    Set<MemberId> failed = new TreeSet<>();
    for (StepRecord row : run.rows()) {
      MemberId member = row.step().member();
      if (member != null
          && row.step().act().equals(Acts.PROMOTE)
          && run.failures(row.key()) >= PROMOTE_TRIES) {
        failed.add(member);
      }
    }
    return failed;
  }

  /**
   * The furthest by timeline and position; the spec's order decides between equals. A member that
   * failed to be promoted is left out, and then what remains must still be enough, or hold as much
   * as the one that failed.
   */
  private Optional<Position> best(List<Position> positions, Set<MemberId> failed) {
    List<MemberId> order = spec.members();
    Comparator<Position> further =
        Comparator.comparingLong(Position::timeline)
            .thenComparingLong(Position::position)
            .thenComparing(
                Comparator.<Position>comparingInt(at -> order.indexOf(at.member())).reversed());
    boolean oldAgain =
        plan.oldCounts()
            && ledger.doubts().get(plan.old()) == Ledger.Doubt.NOMINATED
            && positions.stream().anyMatch(this::isOld);
    // Another one would begin a timeline of the number that the old primary may have begun.
    List<Position> counting =
        positions.stream().filter(oldAgain ? this::isOld : this::counts).toList();
    Optional<Position> furthest = counting.stream().max(further);
    List<Position> left =
        counting.stream().filter(position -> !failed.contains(position.member())).toList();
    Optional<Position> best = left.stream().max(further);
    if (failed.isEmpty() || best.isEmpty() || furthest.isEmpty()) {
      return preferred(best, left);
    }
    boolean holdsAsMuch =
        best.get().timeline() == furthest.get().timeline()
            && best.get().position() == furthest.get().position();
    return holdsAsMuch || enough(left) ? best : Optional.empty();
  }

  /** The member that was asked for, if it holds as much as the furthest. */
  private Optional<Position> preferred(Optional<Position> best, List<Position> positions) {
    Optional<MemberId> to = plan.to();
    if (best.isEmpty() || to.isEmpty()) {
      return best;
    }
    return positions.stream()
        .filter(position ->
            position.member().equals(to.get())
                && position.timeline() == best.get().timeline()
                && position.position() == best.get().position())
        .findFirst()
        .or(() -> best);
  }

  private Step chooseStep(Position chosen, List<Position> positions, String suffix) {
    Details reasons = Details.NONE;
    for (Position position : positions) {
      if (!counts(position)) {
        reasons =
            reasons.with(position.member().name(), "not chosen: its history may be another one");
        continue;
      }
      String at = Sentences.lsn(position.position()) + " on timeline " + position.timeline();
      String why =
          position.equals(chosen)
              ? "chosen: at " + at
              : position.timeline() < chosen.timeline()
                  ? "not chosen: at " + at + ", an older timeline"
                  : "not chosen: at "
                      + at
                      + ", "
                      + (chosen.position() - position.position())
                      + " bytes behind";
      reasons = reasons.with(position.member().name(), why);
    }
    for (MemberState<PgFacts> member : state.members().values()) {
      if (!reasons.has(member.id().name())) {
        reasons =
            reasons.with(
                member.id().name(), "no candidate: " + Sentences.member(member, state.now()));
      }
    }
    return Step.decision(
        CHOOSE + suffix,
        "choose "
            + chosen.member()
            + ": it is at "
            + Sentences.lsn(chosen.position())
            + ", the furthest of "
            + positions.size(),
        reasons);
  }

  private List<Step> succeed(Position successor, List<Position> positions, String suffix) {
    MemberId chosen = successor.member();
    List<Step> steps = new ArrayList<>();
    Set<String> before = run.isDone(CHOOSE + suffix) ? Set.of() : Set.of(CHOOSE + suffix);
    for (Step proof : proofs(chosen)) {
      steps.add(proof.after(before));
      before = Set.of(proof.key());
    }
    Step nominate =
        Step.decision(
                NOMINATE + " " + chosen,
                "from here on " + chosen + " may have been promoted",
                Details.NONE)
            .after(before)
            .writing(Ledger.doubt(chosen, Ledger.Doubt.NOMINATED));
    if (!run.isDone(nominate.key())) {
      steps.add(nominate);
      before = Set.of(nominate.key());
    }
    // Who is on a later timeline than the successor is on another branch than the one that begins.
    List<MemberId> others =
        positions.stream()
            .filter(at -> !at.member().equals(chosen) && at.timeline() <= successor.timeline())
            .map(Position::member)
            .toList();
    Step promote = promote(successor, others).after(before);
    steps.add(promote);
    for (MemberId other : others) {
      if (ledger.doubts().get(other) != Ledger.Doubt.NOMINATED) {
        steps.add(follow(other, chosen).after(promote));
      }
    }
    return steps;
  }

  private Step promote(Position successor, List<MemberId> others) {
    MemberId chosen = successor.member();
    List<MemberId> list = others;
    int k = ledger.k();
    if (list.size() < k) {
      list = spec.members().stream().filter(member -> !member.equals(chosen)).toList();
    }
    Details outcome =
        Ledger.primary(chosen, successor.timeline(), successor.position())
            .with(Ledger.quorum(list, k))
            .with(Ledger.trust(List.of(chosen)));
    outcome = outcome.with(doubts(successor, others));
    return Step.act(Acts.PROMOTE, chosen, "promote " + chosen)
        .with(Acts.QUORUM, Ledger.join(list))
        .with(Acts.K, k)
        .whenUnknown(new WhenUnknown.RetryFor(CANNOT_TELL))
        .noReturn()
        .writing(outcome);
  }

  /**
   * Whose history may have parted from the successor's. A successor that never saw the old
   * primary's own timeline begins one of the same number, and then nobody who may have followed the
   * old one can be told apart.
   */
  private Details doubts(Position successor, List<MemberId> others) {
    Details doubts = Details.NONE;
    boolean sameNumber = successor.timeline() < ledger.timeline();
    for (MemberId member : spec.members()) {
      boolean old = member.equals(plan.old());
      if (member.equals(successor.member()) || (old && plan.behind() > 0)) {
        continue;
      }
      boolean known = others.contains(member) && !old;
      if (sameNumber && !known) {
        doubts = doubts.with(Ledger.doubt(member, Ledger.Doubt.NOMINATED));
      } else if (old && ledger.doubts().get(member) != Ledger.Doubt.NOMINATED) {
        doubts = doubts.with(Ledger.doubt(member, Ledger.Doubt.FORMER));
      }
    }
    return doubts;
  }

  private Step follow(MemberId member, MemberId primary) {
    return Step.act(Acts.FOLLOW, member, "let " + member + " follow " + primary)
        .with(Acts.UPSTREAM, primary)
        .with(Acts.STREAM, true)
        .within(Duration.ofSeconds(5));
  }

  /**
   * Whoever could still acknowledge something: the old primary, and without a quorum every
   * candidate that failed.
   */
  private List<Step> proofs(MemberId chosen) {
    List<Step> proofs = new ArrayList<>();
    boolean proven =
        run.isDone(PROVE) || run.isDone(fence(plan.old()).key()) || chosen.equals(plan.old());
    if (!proven) {
      proofs.add(proof());
    }
    if (ledger.k() == 0) {
      for (MemberId failed : failedCandidates()) {
        if (!run.isDone(fence(failed).key())) {
          proofs.add(fence(failed));
        }
      }
    }
    return proofs;
  }

  private static Step fence(MemberId member) {
    return Step.act(
            Acts.FENCE,
            member,
            "fence " + member + ": kill what is left of it, and let it start demoted only")
        .within(Duration.ofSeconds(3));
  }

  /** How it is proven that the old primary acknowledges nothing any more. */
  private Step proof() {
    MemberState<PgFacts> old = state.member(plan.old());
    boolean hostAnswers = old != null && old.host().answered();
    boolean fenceFailed = run.failures(fence(plan.old()).key()) > 0;
    if (!plan.proven().isEmpty()) {
      return Step.decision(
          PROVE,
          plan.old() + " acknowledges nothing any more: " + plan.proven(),
          Details.of(Acts.PROOF, plan.proven()));
    }
    boolean byProcess = spec.failover().fence() == Failover.Fence.PROCESS;
    if (ledger.k() == 0 || (byProcess && hostAnswers && !fenceFailed)) {
      return fence(plan.old());
    }
    return Step.decision(
        PROVE,
        plan.old()
            + " can acknowledge nothing any more: fewer than "
            + ledger.k()
            + " of "
            + Ledger.join(ledger.quorum())
            + " are left to confirm a commit of its",
        Details.of(Acts.PROOF, "quorum").with("cut-off", Ledger.join(cutOff())));
  }
}
