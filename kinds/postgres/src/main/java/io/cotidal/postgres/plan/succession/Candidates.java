package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Sentences;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who may succeed: how far members got, whether that is enough to choose from, and who is best.
 *
 * <p>A commit is acknowledged only after {@code k} members of the quorum list have it on disk. So
 * among {@code quorum.size() - k + 1} of them at least one holds every acknowledged commit.
 */
final class Candidates {
  private static final int PROMOTE_TRIES = 2;

  /** How far one member got. */
  record Position(MemberId member, long timeline, long position) {}

  private final Ledger ledger;
  private final Run run;
  private final Succession.Plan plan;
  private final Bars bars;
  private final List<Position> positions;

  /** Those that were cut off in {@code run}, and have told their position since. */
  Candidates(Ledger ledger, Run run, Succession.Plan plan, Bars bars) {
    this.ledger = ledger;
    this.run = run;
    this.plan = plan;
    this.bars = bars;
    this.positions = told(run);
  }

  private Candidates(Candidates before, List<Position> positions) {
    this.ledger = before.ledger;
    this.run = before.run;
    this.plan = before.plan;
    this.bars = before.bars;
    this.positions = List.copyOf(positions);
  }

  /** These and more, as if they had told already. */
  Candidates with(List<Position> more) {
    List<Position> all = new ArrayList<>(positions);
    all.addAll(more);
    return new Candidates(this, all);
  }

  /** As if those on the newest timeline had got equally far. */
  Candidates level() {
    long newest = positions.stream().mapToLong(Position::timeline).max().orElse(0);
    List<Position> on = positions.stream().filter(each -> each.timeline() == newest).toList();
    long furthest = on.stream().mapToLong(Position::position).max().orElse(0);
    List<Position> level = new ArrayList<>(positions);
    level.replaceAll(
        each -> on.contains(each) ? new Position(each.member(), newest, furthest) : each);
    return new Candidates(this, level);
  }

  private static List<Position> told(Run run) {
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

  List<Position> positions() {
    return positions;
  }

  List<MemberId> members() {
    return positions.stream().map(Position::member).toList();
  }

  /** Members that were tried as a successor so often that they are not tried again. */
  Set<MemberId> failed() {
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

  /** Whether some of them must hold every acknowledged commit. */
  boolean enough() {
    return enough(positions);
  }

  /** Whether they would be enough if {@code more} told their positions too. */
  boolean couldBeEnough(List<MemberId> more) {
    return with(more.stream()
            .map(member -> new Position(member, ledger.timeline(), Long.MAX_VALUE))
            .toList())
        .enough();
  }

  private boolean enough(List<Position> some) {
    if (plan.oldCounts() && some.stream().anyMatch(this::isOld)) {
      return true;
    }
    return some.stream().anyMatch(this::counts) && inQuorum(some) >= ledger.needed();
  }

  private boolean isOld(Position position) {
    return position.member().equals(plan.old());
  }

  /** Whether the member may be chosen, and its word counts. */
  private boolean counts(Position position) {
    boolean ours =
        ledger.doubts().get(position.member()) == Ledger.Doubt.NOMINATED
            && run.isDone(Promotion.nomination(position.member()));
    return (plan.oldCounts() && isOld(position))
        || ledger.counts(position.member(), position.timeline(), position.position(), ours);
  }

  private long inQuorum(List<Position> some) {
    return some.stream()
        .filter(position -> ledger.quorum().contains(position.member()) && counts(position))
        .count();
  }

  /** Why they are not enough. */
  String shortage() {
    return needed() + inQuorum(positions) + " did; acknowledged commits could be lost otherwise";
  }

  /** Why they would not be enough. */
  String outlook() {
    return needed() + inQuorum(positions) + " could";
  }

  private String needed() {
    return ledger.needed()
        + " of "
        + Ledger.join(ledger.quorum())
        + " must tell their position before one may be chosen, ";
  }

  /**
   * The furthest by timeline and position; the policy decides between equals, and then the spec's
   * order. A member that failed to be promoted, or that the policy bars, is left out, and then what
   * remains must still be enough, or hold as much as those that were left out.
   */
  Optional<Position> best() {
    Set<MemberId> failed = failed();
    Comparator<Position> further =
        Comparator.comparingLong(Position::timeline)
            .thenComparingLong(Position::position)
            .thenComparing(Position::member, bars.preference());
    boolean oldAgain =
        plan.oldCounts()
            && ledger.doubts().get(plan.old()) == Ledger.Doubt.NOMINATED
            && positions.stream().anyMatch(this::isOld);
    // Another one would begin a timeline of the number that the old primary may have begun.
    List<Position> counting =
        positions.stream().filter(oldAgain ? this::isOld : this::counts).toList();
    Optional<Position> furthest = counting.stream().max(further);
    List<Position> left =
        counting.stream()
            .filter(position -> !failed.contains(position.member()))
            .filter(position -> bars.against(position).isEmpty())
            .toList();
    Optional<Position> best = left.stream().max(further);
    if (left.size() == counting.size() || best.isEmpty() || furthest.isEmpty()) {
      return preferred(best, left);
    }
    boolean holdsAsMuch =
        best.get().timeline() == furthest.get().timeline()
            && best.get().position() == furthest.get().position();
    // Without a quorum a count proves nothing: only who got furthest is known to lose no more.
    boolean provenEnough = (ledger.k() > 0 || plan.oldCounts()) && enough(left);
    if (holdsAsMuch || provenEnough) {
      return preferred(best, left);
    }
    return Optional.empty();
  }

  /** Whom the policy bars, and how it can be otherwise; empty if it bars nobody. */
  Optional<String> barred() {
    List<String> who = new ArrayList<>();
    for (Position position : positions) {
      bars.against(position).ifPresent(why -> who.add(position.member() + ": " + why));
    }
    return who.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "nobody may be promoted ("
                + String.join("; ", who)
                + "); name one by failover --to, or take the loss by failover --accept-loss");
  }

  /** The rule by which these are enough to choose from. */
  String rule() {
    if (plan.oldCounts() && positions.stream().anyMatch(this::isOld)) {
      return "the last primary told its position itself";
    }
    return ledger.k() == 0
        ? "commits waited for nobody: the furthest of " + positions.size() + " loses least"
        : inQuorum(positions)
            + " of "
            + Ledger.join(ledger.quorum())
            + " told their position and "
            + ledger.needed()
            + " must: one of them holds every acknowledged commit";
  }

  /** The member that was asked for, if it holds as much as the furthest. */
  private Optional<Position> preferred(Optional<Position> best, List<Position> left) {
    Optional<MemberId> to = plan.to();
    if (best.isEmpty() || to.isEmpty()) {
      return best;
    }
    return left.stream()
        .filter(position ->
            position.member().equals(to.get())
                && position.timeline() == best.get().timeline()
                && position.position() == best.get().position())
        .findFirst()
        .or(() -> best);
  }

  /** Why the best may not succeed in this change of primary; empty if it may. */
  Optional<String> objection(Position best) {
    if (best.position() <= plan.behind()) {
      return Optional.of(best.member() + " has not received all that " + plan.old() + " wrote");
    }
    return plan.to()
        .filter(to -> !best.member().equals(to))
        .map(to -> best.member() + " is ahead of " + to + ": it must be the one");
  }

  /** For each that told its position: why it was chosen, or not. */
  Details reasons(Position chosen) {
    Details reasons = Details.NONE;
    for (Position position : positions) {
      reasons = reasons.with(position.member().name(), reason(position, chosen));
    }
    return reasons;
  }

  private String reason(Position position, Position chosen) {
    if (!counts(position)) {
      return "not chosen: its history may be another one";
    }
    String at = Sentences.lsn(position.position()) + " on timeline " + position.timeline();
    if (position.equals(chosen)) {
      return "chosen: at " + at;
    }
    Optional<String> bar = bars.against(position);
    if (bar.isPresent()) {
      return "not chosen: at " + at + ", but " + bar.get();
    }
    if (position.timeline() == chosen.timeline() && position.position() == chosen.position()) {
      return "not chosen: at " + at + " as well, but less preferred";
    }
    return position.timeline() < chosen.timeline()
        ? "not chosen: at " + at + ", an older timeline"
        : "not chosen: at "
            + at
            + ", "
            + (chosen.position() - position.position())
            + " bytes behind";
  }
}
