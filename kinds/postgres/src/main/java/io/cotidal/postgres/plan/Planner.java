package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
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
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.members.Tidy;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Hold;
import io.cotidal.postgres.plan.succession.Switchover;
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
  /** A repair that failed so often in a row is not tried again; something stronger is. */
  private static final int ESCALATE = 2;

  private static final Set<String> SUCCESSIONS =
      Set.of(FailoverType.NAME, ColdStart.NAME, Switchover.NAME);

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Upstreams upstreams;

  Planner(PostgresSpec spec, State<PgFacts> state, Doctor doctor) {
    this.spec = spec;
    this.state = state;
    this.ledger = doctor.ledger();
    this.out = doctor.out();
    this.upstreams = doctor.upstreams();
  }

  List<Wanted> plan(PgDiagnosis diagnosis) {
    return switch (diagnosis) {
      case PgDiagnosis.PrimaryDead dead -> succeed(dead.primary(), dead.sentence());
      case PgDiagnosis.PrimarySilent silent -> succeed(silent.primary(), silent.sentence());
      case PgDiagnosis.NoPrimary none ->
          List.of(replace(ColdStart.NAME, none.last(), none.sentence()));
      case PgDiagnosis.TwoPrimaries two ->
          two.intruders().stream()
              .filter(this::gated)
              .map(intruder -> rejoin(intruder, two.primary(), "it takes writes and must not"))
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
    return underWay(FailoverType.NAME, old)
        .anyMatch(open -> !open.input().equals(Details.of(Inputs.FROM, old)));
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

  private Wanted rejoin(MemberId member, MemberId primary, String why) {
    return new Wanted(Rejoin.NAME, about(member, primary), why, spec.failover().automatic());
  }

  private static Details about(MemberId member, MemberId primary) {
    return Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, primary);
  }

  private static Details placed(MemberId member, MemberId upstream, MemberId primary) {
    Details about = about(member, primary);
    return upstream.equals(primary) ? about : about.with(Acts.UPSTREAM, upstream);
  }

  private List<Wanted> repairs(MemberId primary) {
    List<Wanted> wanted = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (out.has(member.id())) {
        letGoOf(member.id(), primary).ifPresent(wanted::add);
      } else if (!member.id().equals(primary)) {
        repair(member, primary).ifPresent(wanted::add);
      }
    }
    quorum(primary).ifPresent(wanted::add);
    forget(primary).ifPresent(wanted::add);
    wanted.addAll(Tidy.wanted(spec, state, primary));
    return wanted;
  }

  /** A slot that is made for a disabled member, by a change of primary, fills the disk. */
  private Optional<Wanted> letGoOf(MemberId member, MemberId primary) {
    PgFacts facts = facts(primary);
    boolean kept = facts != null && facts.slots().contains(SlotNames.of(member));
    return kept && out.disabled(member)
        ? Optional.of(
            new Wanted(
                TakeOut.DISABLE,
                about(member, primary),
                "it is disabled, and " + primary + " keeps its log for it",
                false))
        : Optional.empty();
  }

  private Optional<Wanted> repair(MemberState<PgFacts> member, MemberId primary) {
    if (ledger.mustBeCopied(member.id()) && !gated(member.id())) {
      // Nobody here can copy it anew: the diagnosis says that it does not stream, a person mends
      // it.
      return Optional.empty();
    }
    if (ledger.mustBeCopied(member.id()) && member.reachable()) {
      boolean nominated = ledger.doubts().get(member.id()) == Ledger.Doubt.NOMINATED;
      String why =
          nominated
              ? "it was to be promoted, and may have been"
              : "it may be on another timeline with the number of " + primary + "'s";
      return Optional.of(rejoin(member.id(), primary, why));
    }
    PgFacts facts = member.facts();
    MemberId upstream = upstreams.of(member.id(), primary);
    if (facts != null) {
      if (Doctor.streamsFrom(facts, upstream)) {
        return Optional.empty();
      }
      boolean well = upstreams.streams(member.id(), primary);
      if (well || !upstream.equals(primary)) {
        String now =
            well ? ", and streams from " + upstreams.sender(member.id()).orElse(primary) : "";
        return Optional.of(
            new Wanted(
                Repairs.Follow.NAME,
                placed(member.id(), upstream, primary),
                "it shall stream from " + upstream + now,
                false));
      }
      return Optional.of(
          gated(member.id()) && escalated(Repairs.Follow.NAME, member.id(), primary)
              ? rejoin(member.id(), primary, "it does not follow " + primary)
              : new Wanted(
                  Repairs.Follow.NAME,
                  about(member.id(), primary),
                  "it does not stream from " + primary,
                  false));
    }
    Host host = member.host();
    if (host.process() != Host.Process.GONE || host.facts().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(stopped(member.id(), host.facts(), primary, upstream));
  }

  /** Follow, or something stronger, for a member whose process is gone. */
  private Wanted stopped(MemberId member, Details disk, MemberId primary, MemberId upstream) {
    String data = disk.get(Acts.DATA, "");
    if (!data.equals("present")) {
      return rejoin(member, primary, "its data is " + data);
    }
    String control = disk.get(Acts.CONTROL_STATE, "");
    if (control.equals("in production")) {
      return rejoin(member, primary, "it was primary and did not stop in order");
    }
    if (escalated(Repairs.Start.NAME, member, primary)) {
      return rejoin(member, primary, "started, it does not follow " + primary);
    }
    return new Wanted(
        Repairs.Start.NAME,
        placed(member, upstream, primary),
        "it is stopped (" + control + ")",
        false);
  }

  /**
   * Whether the repair has failed {@link #ESCALATE} times since anything about the member last went
   * well.
   */
  private boolean escalated(String repair, MemberId member, MemberId primary) {
    Details about = about(member, primary);
    int failures = 0;
    for (Operation past : state.recent().toList()) {
      // What failed under an earlier primary, or while this one was dying, says nothing of the two.
      if (SUCCESSIONS.contains(past.type())) {
        break;
      }
      boolean concerns =
          past.input().equals(about)
              && (past.type().equals(repair) || past.type().equals(Rejoin.NAME));
      if (!concerns) {
        continue;
      }
      if (past.state() == OperationState.DONE || past.type().equals(Rejoin.NAME)) {
        break;
      }
      if (past.state() == OperationState.FAILED) {
        failures++;
      }
    }
    return failures >= ESCALATE;
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
