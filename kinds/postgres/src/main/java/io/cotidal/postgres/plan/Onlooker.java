package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Guarantee;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster that somebody else runs. In mode observe, with nothing adopted, the ledger is empty;
 * here what the servers say stands for what it would say, so that the same rules can be asked what
 * they would do. What is somebody else's business is left out: for whom commits wait, slots, the
 * archive.
 */
final class Onlooker {
  /** What Cotidal would do for a cluster of its own; all else it would only set up its own way. */
  private static final Set<String> CARE =
      Set.of(
          FailoverType.NAME, ColdStart.NAME, Rejoin.NAME, Repairs.Start.NAME, Repairs.Follow.NAME);

  private final PostgresSpec spec;
  private final State<PgFacts> told;
  private final State<PgFacts> supposed;
  private final MemberState<PgFacts> primary;
  private final PgFacts known;

  private Onlooker(
      PostgresSpec spec, State<PgFacts> told, MemberState<PgFacts> primary, PgFacts known) {
    this.spec = spec;
    this.told = told;
    this.primary = primary;
    this.known = known;
    List<MemberId> others = new ArrayList<>(spec.members());
    others.remove(primary.id());
    SyncNames.Wait wait = SyncNames.read(known.syncNames(), others);
    this.supposed =
        with(
            told,
            Ledger.primary(primary.id(), 0, 0)
                .with(Acts.TIMELINE, known.timeline())
                .with(Ledger.quorum(wait.list(), wait.k()))
                .with(Ledger.members(spec.members())));
  }

  /**
   * One, if Cotidal only looks on, has adopted nothing, and knows who is or was primary: of those
   * that took writes when they answered last, the one on the newest timeline.
   */
  static Optional<Onlooker> of(PostgresSpec spec, State<PgFacts> state) {
    if (spec.mode() != Mode.OBSERVE || Ledger.of(state.ledger()).primary().isPresent()) {
      return Optional.empty();
    }
    MemberState<PgFacts> best = null;
    PgFacts known = null;
    boolean several = false;
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.known();
      if (facts == null || facts.recovering()) {
        continue;
      }
      int order = best == null || known == null ? 1 : further(member, facts, best, known);
      several = order == 0 || (several && order < 0);
      if (order > 0) {
        best = member;
        known = facts;
      }
    }
    return best == null || known == null || several
        ? Optional.empty()
        : Optional.of(new Onlooker(spec, state, best, known));
  }

  private static int further(
      MemberState<PgFacts> one, PgFacts its, MemberState<PgFacts> other, PgFacts others) {
    int timelines = Long.compare(its.timeline(), others.timeline());
    return timelines != 0 ? timelines : Boolean.compare(one.answers(), other.answers());
  }

  /** {@code state}, with what an onlooker supposes of a cluster that is not ours. */
  static State<PgFacts> seen(PostgresSpec spec, State<PgFacts> state) {
    return of(spec, state).map(Onlooker::supposed).orElse(state);
  }

  private static State<PgFacts> with(State<PgFacts> state, Details ledger) {
    return new State<>(
        state.now(),
        state.epoch(),
        state.leading(),
        ledger,
        state.members(),
        state.operations(),
        state.items(),
        state.pause(),
        state.source(),
        state.departed());
  }

  /** What is known, with the ledger that an adopted cluster would have. */
  State<PgFacts> supposed() {
    return supposed;
  }

  /** Who takes writes, or did last. */
  MemberState<PgFacts> primary() {
    return primary;
  }

  /** What it said when it answered last. */
  PgFacts known() {
    return known;
  }

  /** While all is well: that it is not adopted. Else what the matter is. */
  PgDiagnosis diagnosis() {
    PgDiagnosis found = new DiskBoard(spec, supposed).judged(new Doctor(spec, supposed).diagnose());
    return found instanceof PgDiagnosis.Healthy ? new Doctor(spec, told).diagnose() : found;
  }

  /** To adopt it, if that could be; and what would be done if it were. */
  List<Wanted> wanted() {
    Doctor doctor = new Doctor(spec, told);
    List<Wanted> wanted = new ArrayList<>(new Planner(spec, told, doctor).plan(doctor.diagnose()));
    wanted.addAll(care());
    return wanted;
  }

  /** What would be done if it were ours. */
  List<Wanted> care() {
    Doctor doctor = new Doctor(spec, supposed);
    return new Planner(spec, supposed, doctor)
        .plan(doctor.diagnose()).stream().filter(want -> CARE.contains(want.type())).toList();
  }

  /** What holds for commits; nobody promises it. */
  String guarantee() {
    if (!primary.answers()) {
      return new Guarantee(spec, supposed).sentence();
    }
    Ledger ledger = Ledger.of(supposed.ledger());
    String names = known.syncNames();
    if (names.isEmpty()) {
      return "unguarded: a commit waits for no replica";
    }
    return ledger.k() > 0
        ? "not ours: a commit waits for " + ledger.k() + " of " + Ledger.join(ledger.quorum())
        : "not ours: a commit waits for " + names;
  }
}
