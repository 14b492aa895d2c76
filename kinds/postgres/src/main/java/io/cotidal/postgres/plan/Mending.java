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
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What should be done about one member that is not as it should be, while the primary answers. */
final class Mending {
  /** A repair that failed so often in a row is not tried again; something stronger is. */
  private static final int ESCALATE = 2;

  /** So often where the repair should do, and fails for a reason that does not show. */
  private static final int PATIENT = 6;

  private static final Set<String> SUCCESSIONS =
      Set.of(Types.FAILOVER, Types.COLD_START, Types.SWITCHOVER);

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Upstreams upstreams;

  Mending(PostgresSpec spec, State<PgFacts> state, Doctor doctor) {
    this.spec = spec;
    this.state = state;
    this.ledger = doctor.ledger();
    this.out = doctor.out();
    this.upstreams = doctor.upstreams();
  }

  /** What is wanted for it; empty if nothing is, or nobody here can do it. */
  Optional<Wanted> of(MemberState<PgFacts> member, MemberId primary) {
    return out.has(member.id()) ? letGoOf(member.id(), primary) : repair(member, primary);
  }

  /** It is stopped for good, and becomes a replica of {@code primary}. */
  Wanted rejoin(MemberId member, MemberId primary, String why) {
    return new Wanted(Rejoin.NAME, about(member, primary), why, spec.failover().automatic());
  }

  private static Details about(MemberId member, MemberId primary) {
    return Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, primary);
  }

  private static Details placed(MemberId member, MemberId upstream, MemberId primary) {
    Details about = about(member, primary);
    return upstream.equals(primary) ? about : about.with(Acts.UPSTREAM, upstream);
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
          hopeless(member, facts, primary)
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
    if (failures(Repairs.Start.NAME, member, primary) >= ESCALATE) {
      return rejoin(member, primary, "started, it does not follow " + primary);
    }
    return new Wanted(
        Repairs.Start.NAME,
        placed(member, upstream, primary),
        "it is stopped (" + control + ")",
        false);
  }

  /**
   * Whether a replica that runs is to be stopped and turned back or copied, since it does not
   * follow. One of which all that is known says that it could follow lacks the way, most likely:
   * then a rewind or a copy would have to come by the same one, and its data would be gone
   * meanwhile. It is tried for long then, and for ever while no other replica streams: together
   * they may hold all that there is beside the primary.
   */
  private boolean hopeless(MemberState<PgFacts> member, PgFacts facts, MemberId primary) {
    int failures = failures(Repairs.Follow.NAME, member.id(), primary);
    if (!gated(member.id()) || failures < ESCALATE) {
      return false;
    }
    boolean another =
        spec.members().stream()
            .anyMatch(other -> !other.equals(member.id()) && upstreams.streams(other, primary));
    return !couldFollow(member.id(), facts, primary) || (another && failures >= PATIENT);
  }

  /** Whether the primary has all that comes after what the replica has, as far as is known. */
  private boolean couldFollow(MemberId member, PgFacts facts, MemberId primary) {
    PgFacts source = facts(primary);
    if (source == null || ledger.doubts().containsKey(member)) {
      return false;
    }
    boolean same = facts.timeline() == source.timeline() && facts.position() <= source.position();
    boolean before =
        facts.timeline() == ledger.baseTimeline()
            && source.timeline() == ledger.timeline()
            && facts.position() <= ledger.basePosition();
    return (same || before) && !forgotten(member, facts, source);
  }

  /** Whether the primary's slot for it says that log which it needs is gone. */
  private static boolean forgotten(MemberId member, PgFacts facts, PgFacts source) {
    LogKeeping log = source.log();
    return log != null
        && log.slot(SlotNames.of(member))
            .filter(slot -> slot.status().equals("lost") || slot.restart() > facts.position())
            .isPresent();
  }

  /** How often the repair has failed since anything about the member last went well. */
  private int failures(String repair, MemberId member, MemberId primary) {
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
    return failures;
  }

  private boolean gated(MemberId member) {
    return spec.server(member).map(Server::gated).orElse(true);
  }

  private @Nullable PgFacts facts(MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    return known == null ? null : known.facts();
  }
}
