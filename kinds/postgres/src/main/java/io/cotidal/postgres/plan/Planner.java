package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.Tidy;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Hold;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a diagnosis to what should be done about it. */
final class Planner {
  /** What brings a replica back to a primary at no risk for what either holds. */
  private static final Set<String> MENDS = Set.of(Repairs.Start.NAME, Repairs.Follow.NAME);

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Upstreams upstreams;
  private final Mending mending;

  Planner(PostgresSpec spec, State<PgFacts> state, Doctor doctor) {
    this.spec = spec;
    this.state = state;
    this.ledger = doctor.ledger();
    this.out = doctor.out();
    this.upstreams = doctor.upstreams();
    this.mending = new Mending(spec, state, doctor);
  }

  List<Wanted> plan(PgDiagnosis diagnosis) {
    return switch (diagnosis) {
      case PgDiagnosis.PrimaryDead dead -> succeed(dead.primary(), dead.sentence());
      case PgDiagnosis.PrimarySilent silent -> succeed(silent.primary(), silent.sentence());
      case PgDiagnosis.PrimaryIsolated isolated -> relieve(isolated);
      case PgDiagnosis.NoPrimary none ->
          List.of(replace(ColdStart.NAME, none.last(), none.sentence()));
      case PgDiagnosis.TwoPrimaries two ->
          two.intruders().stream()
              .filter(this::gated)
              .map(intruder ->
                  mending.rejoin(intruder, two.primary(), "it takes writes and must not"))
              .toList();
      case PgDiagnosis.NotAdopted found ->
          List.of(
              new Wanted(
                  Repairs.Adopt.NAME,
                  Details.of(Inputs.PRIMARY, found.primary()),
                  found.sentence(),
                  false));
      case PgDiagnosis.Healthy healthy -> repairs(healthy.primary());
      case Troubled troubled -> repairs(troubled.primary());
      case PgDiagnosis.NotLooked not -> List.of();
      case PgDiagnosis.NotCreated not -> List.of();
      case PgDiagnosis.Creating creating -> List.of();
      case PgDiagnosis.PrimarySuspect suspect -> List.of();
      case PgDiagnosis.ControlCutOff cutOff -> List.of();
      case PgDiagnosis.ControlBlind blind -> List.of();
      case PgDiagnosis.PrimaryUnclear unclear -> List.of();
    };
  }

  /**
   * A failover, unless the primary may come back in its place first, or the role just moved.
   * Nothing while a person's failover is under way: this one would push it aside.
   */
  private List<Wanted> succeed(MemberId old, String why) {
    return askedFor(old) ? List.of() : List.of(successor(old, why));
  }

  private boolean askedFor(MemberId old) {
    return otherUnderWay(Details.of(Inputs.FROM, old), old);
  }

  private boolean otherUnderWay(Details input, MemberId old) {
    return underWay(FailoverType.NAME, old).anyMatch(open -> !open.input().equals(input));
  }

  /**
   * A failover from a primary that answers. It is not given a chance in its place: it runs, and
   * started anew it would find its ways as they are. Its replicas go on asking it meanwhile, and
   * none of them is copied: what they hold is needed.
   */
  private List<Wanted> relieve(PgDiagnosis.PrimaryIsolated isolated) {
    MemberId old = isolated.primary();
    Details input = Details.of(Inputs.FROM, old).with(FailoverType.ISOLATED, "true");
    List<Wanted> wanted = new ArrayList<>();
    if (!otherUnderWay(input, old)) {
      Optional<String> held = new Hold(spec, state).isolatedAgain();
      String why = isolated.sentence() + held.map(reason -> "; " + reason).orElse("");
      boolean alone = spec.failover().automatic() && held.isEmpty();
      wanted.add(new Wanted(FailoverType.NAME, input, why, alone));
    }
    repairs(old).stream().filter(repair -> MENDS.contains(repair.type())).forEach(wanted::add);
    return wanted;
  }

  private Stream<Operation> underWay(String type, MemberId old) {
    return state
        .open()
        .filter(open ->
            open.type().equals(type)
                && open.state() != OperationState.PROPOSED
                && open.input().get(Inputs.FROM, "").equals(old.name()));
  }

  private Wanted successor(MemberId old, String why) {
    Hold hold = new Hold(spec, state);
    MemberState<PgFacts> member = state.member(old);
    // While it is started, it runs and does not answer yet; a failover would push that aside.
    boolean comes = underWay(ColdStart.NAME, old).findAny().isPresent();
    boolean may = member != null && (comes || ColdStart.stopped(member));
    if (may && hold.restartFirst(old)) {
      return replace(ColdStart.NAME, old, why + "; it is given a chance in its place");
    }
    return hold.reason()
        .map(held -> proposal(FailoverType.NAME, old, why + "; " + held))
        .orElseGet(() -> replace(FailoverType.NAME, old, why));
  }

  /**
   * Whoever has no gate cannot be fenced: only a quorum proves that it acknowledges nothing, and
   * without one a person decides.
   */
  private Wanted replace(String type, MemberId old, String why) {
    boolean provable =
        gated(old)
            || ledger.k() > 0
            || !spec.practice().plugins(Hook.STONITH).isEmpty()
            || new Guarding(spec, state).provesFor(old);
    return provable
        ? new Wanted(type, Details.of(Inputs.FROM, old), why, spec.failover().automatic())
        : proposal(type, old, why + "; " + old + " is reached by SQL alone and cannot be fenced");
  }

  private static Wanted proposal(String type, MemberId old, String why) {
    return new Wanted(type, Details.of(Inputs.FROM, old), why, false);
  }

  private boolean gated(MemberId member) {
    return spec.server(member).map(Server::gated).orElse(true);
  }

  private List<Wanted> repairs(MemberId primary) {
    List<Wanted> wanted = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (!member.id().equals(primary) || out.has(primary)) {
        mending.of(member, primary).ifPresent(wanted::add);
      }
    }
    quorum(primary).ifPresent(wanted::add);
    forget(primary).ifPresent(wanted::add);
    wanted.addAll(Tidy.wanted(spec, state, primary));
    return wanted;
  }

  private Optional<Wanted> quorum(MemberId primary) {
    PgFacts facts = facts(primary);
    if (facts == null) {
      return Optional.empty();
    }
    TreeSet<MemberId> list = new TreeSet<>();
    boolean trusted = true;
    int k = spec.quorum();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (member.id().equals(primary) || out.has(member.id())) {
        continue;
      }
      boolean sends =
          facts.senders().stream()
              .anyMatch(sender -> sender.streaming() && sender.name().equals(member.id().name()));
      // Who streams from another one confirms nothing to the primary. Where nobody need confirm
      // anything, it may be chosen like any other.
      boolean leaf = !upstreams.of(member.id(), primary).equals(primary);
      boolean streams = k > 0 ? sends && !leaf : sends || upstreams.streams(member.id(), primary);
      // Whoever cannot write the log down confirms nothing, and comes and goes.
      streams &= ledger.quorum().contains(member.id()) || !DiskBoard.full(member);
      boolean kept =
          !(leaf && k > 0)
              && ledger.quorum().contains(member.id())
              && member.failingFor(state.now().nanos()) < spec.failover().drop().toNanos();
      trusted &= !(streams && sends) || !ledger.doubts().containsKey(member.id());
      if (!ledger.mustBeCopied(member.id()) && (streams || kept)) {
        list.add(member.id());
      }
    }
    if (list.size() < k) {
      return Optional.empty();
    }
    TreeSet<MemberId> now = new TreeSet<>(ledger.quorum());
    boolean same =
        k == ledger.k()
            && list.equals(now)
            && trusted
            && SyncNames.matches(facts.syncNames(), k, list);
    if (same) {
      return Optional.empty();
    }
    return Optional.of(
        new Wanted(
            QuorumChange.NAME,
            Details.of(Inputs.PRIMARY, primary)
                .with(QuorumChange.LIST, Ledger.join(list))
                .with(Acts.K, k),
            k == 0
                ? "commits shall wait for nobody"
                : "commits shall wait for " + k + " of " + Ledger.join(list),
            false));
  }

  private @Nullable PgFacts facts(MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    return known == null ? null : known.facts();
  }

  /** One member that left the configuration may be let go of; more at once need an approval. */
  private Optional<Wanted> forget(MemberId primary) {
    TreeSet<MemberId> gone = new TreeSet<>(ledger.members());
    gone.removeAll(spec.members());
    boolean stillNeeded = ledger.quorum().stream().anyMatch(gone::contains);
    if (gone.isEmpty() || stillNeeded) {
      return Optional.empty();
    }
    return Optional.of(
        new Wanted(
            Repairs.Forget.NAME,
            Details.of(Inputs.PRIMARY, primary).with(Acts.GONE, Ledger.join(gone)),
            Ledger.join(gone) + " left the configuration",
            gone.size() == 1));
  }
}
