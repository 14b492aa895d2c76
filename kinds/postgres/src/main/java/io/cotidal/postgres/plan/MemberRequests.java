package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Requirements.refusal;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.members.FenceMember;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeBack;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What people ask of one member, checked and completed before it becomes an operation. */
final class MemberRequests {
  /** Input: whether a copy may take the place of data. */
  static final String RECLONE = "reclone";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final PgDiagnosis diagnosis;
  private final Ledger ledger;
  private final Out out;
  private final Requirements needs;

  MemberRequests(PostgresSpec spec, State<PgFacts> state, PgDiagnosis diagnosis) {
    this.spec = spec;
    this.state = state;
    this.diagnosis = diagnosis;
    this.ledger = Ledger.of(state.ledger());
    this.out = Out.of(state, ledger);
    this.needs = new Requirements(spec, state, diagnosis);
  }

  /**
   * The input, completed.
   *
   * @throws IllegalArgumentException with place, reason and remedy in one line
   */
  Details prepare(String type, Details input) {
    return switch (type) {
      case TakeOut.STOP, TakeOut.DISABLE -> takeOut(type, input);
      case Repairs.Start.NAME -> start(input);
      case Restart.NAME -> restart(input);
      case TakeBack.ENABLE -> enable(input);
      case TakeBack.CLONE -> copy(input);
      case Repairs.Follow.NAME -> follow(input);
      case FenceMember.NAME -> fence(input);
      default ->
          throw new IllegalArgumentException(type + " is not asked for: Cotidal plans it itself");
    };
  }

  private Details takeOut(String type, Details input) {
    MemberId primary = needs.primary(type);
    MemberId member = needs.replica(type, input, primary, "move the role first: cot switchover");
    needs.machine(type, member);
    boolean stop = type.equals(TakeOut.STOP);
    if (stop && out.disabled(member)) {
      throw refusal(type, member + " is disabled, and so it is left alone already");
    }
    boolean answers = needs.facts(member) != null;
    boolean gone = needs.process(member) == Host.Process.GONE;
    if (stop ? out.has(member) && !answers : out.disabled(member)) {
      throw refusal(type, member + " is " + out.why(member) + " already");
    }
    if (stop && !answers && !gone) {
      throw refusal(
          type,
          "cannot tell whether " + member + " runs: mend the way to it, or disable it instead");
    }
    Details prepared = about(member, primary);
    if (!ledger.quorum().contains(member)) {
      return prepared;
    }
    SortedSet<MemberId> rest = others(member, primary);
    int k = spec.quorum();
    long streaming = rest.stream().filter(other -> streams(other, primary)).count();
    if (streaming < k) {
      throw refusal(
          type,
          "commits wait for "
              + k
              + " of the replicas, and without "
              + member
              + " only "
              + streaming
              + " would stream: mend or add another one, or lower quorum");
    }
    return prepared.with(QuorumChange.LIST, Ledger.join(rest)).with(Acts.K, k);
  }

  /** For whom commits shall wait without the member: who is on the list, and who streams. */
  private SortedSet<MemberId> others(MemberId member, MemberId primary) {
    SortedSet<MemberId> rest = new TreeSet<>();
    for (MemberId other : spec.members()) {
      boolean candidate = !other.equals(member) && !other.equals(primary) && !out.has(other);
      boolean wanted = ledger.quorum().contains(other) || streams(other, primary);
      if (candidate && wanted && !ledger.mustBeCopied(other)) {
        rest.add(other);
      }
    }
    return rest;
  }

  private Details start(Details input) {
    String type = Repairs.Start.NAME;
    MemberId primary = needs.primary(type);
    MemberId member = needs.replica(type, input, primary, "it runs");
    needs.machine(type, member);
    if (out.disabled(member)) {
      throw refusal(type, member + " is disabled: enable it");
    }
    if (needs.facts(member) != null && !out.has(member)) {
      throw refusal(type, member + " runs already");
    }
    needs.look(type, member);
    if (!TakeBack.canFollow(state, member)) {
      throw refusal(
          type, member + " could not follow " + primary + " as it is: use enable or rejoin");
    }
    return about(member, primary);
  }

  private Details enable(Details input) {
    String type = TakeBack.ENABLE;
    MemberId primary = needs.primary(type);
    MemberId member =
        needs.replica(type, input, primary, "there is one primary, and it is enabled already");
    needs.machine(type, member);
    if (!out.has(member)) {
      throw refusal(type, member + " is neither disabled nor stopped on purpose");
    }
    needs.look(type, member);
    return about(member, primary);
  }

  private Details restart(Details input) {
    String type = Restart.NAME;
    MemberId primary = needs.primary(type);
    MemberId member = needs.member(type, input);
    needs.machine(type, member);
    boolean inPlace = input.get(Inputs.IN_PLACE, "false").equals("true");
    if (member.equals(primary)) {
      if (!inPlace) {
        throw refusal(
            type,
            member
                + " is primary: move the role first (cot switchover), or restart it in its place"
                + " (--in-place), and nobody writes meanwhile");
      }
      return Details.of(Inputs.FROM, primary);
    }
    if (inPlace) {
      throw refusal(type, member + " is no primary: leave --in-place out");
    }
    if (out.has(member)) {
      throw refusal(type, member + " is " + out.why(member) + ": start or enable it");
    }
    PgFacts facts = needs.facts(member);
    if (facts == null || !facts.recovering()) {
      throw refusal(type, member + " does not answer as a replica; " + diagnosis.sentence());
    }
    return placed(member, primary);
  }

  private Details copy(Details input) {
    String type = TakeBack.CLONE;
    MemberId primary = needs.primary(type);
    MemberId member = needs.replica(type, input, primary, "its data is the truth");
    needs.machine(type, member);
    boolean again = input.get(RECLONE, "false").equals("true");
    if (needs.facts(member) != null && !again) {
      throw refusal(type, member + " runs; reclone takes the loss of what it has");
    }
    needs.look(type, member);
    MemberState<PgFacts> known = state.member(member);
    boolean holds = known != null && ColdStart.stopped(known);
    if (holds && !out.has(member) && !again) {
      throw refusal(type, member + " has data; reclone takes the loss of it");
    }
    Optional<MemberId> from =
        input.find(Acts.FROM).map(needs::known).filter(id -> !id.equals(primary));
    if (from.isEmpty()) {
      return about(member, primary);
    }
    boolean good =
        !from.get().equals(member)
            && new Upstreams(spec, state).streams(from.get(), primary)
            && !ledger.doubts().containsKey(from.get());
    if (!good) {
      throw refusal(type, from.get() + " is no replica that streams: leave --from out");
    }
    return about(member, primary).with(Acts.FROM, from.get());
  }

  private Details follow(Details input) {
    String type = Meaning.REMASTER;
    MemberId primary = needs.primary(type);
    MemberId member = needs.replica(type, input, primary, "it follows nobody");
    if (out.has(member)) {
      throw refusal(type, member + " is " + out.why(member) + ": start or enable it");
    }
    PgFacts facts = needs.facts(member);
    if (facts == null) {
      throw refusal(type, member + " does not answer: " + needs.sentence(member));
    }
    if (!facts.recovering() || ledger.mustBeCopied(member)) {
      throw refusal(type, "the history of " + member + " is another one: use rejoin");
    }
    return placed(member, primary);
  }

  private Details fence(Details input) {
    String type = FenceMember.NAME;
    MemberId member = needs.member(type, input);
    boolean force = input.get(FailoverType.FORCE, "false").equals("true");
    PgFacts facts = needs.facts(member);
    boolean primary = ledger.primary().equals(Optional.of(member));
    if (facts != null && facts.recovering()) {
      throw refusal(type, member + " is a standby, it takes no writes: use stop");
    }
    if (primary && !force && !givenUp()) {
      throw refusal(
          type,
          diagnosis.sentence()
              + "; --force ends "
              + member
              + " all the same, and a failover follows");
    }
    boolean plugin = !spec.practice().plugins(Hook.STONITH).isEmpty();
    if (!plugin) {
      needs.machine(type, member);
    }
    return Details.of(Inputs.MEMBER, member);
  }

  /** Whether the primary is known to be gone; what is not known is not gone. */
  private boolean givenUp() {
    return diagnosis instanceof PgDiagnosis.PrimaryDead
        || diagnosis instanceof PgDiagnosis.PrimarySilent
        || diagnosis instanceof PgDiagnosis.NoPrimary;
  }

  private boolean streams(MemberId member, MemberId primary) {
    PgFacts facts = needs.facts(member);
    return facts != null && Doctor.streamsFrom(facts, primary);
  }

  /** With whom it shall stream from, if that is not the primary. */
  private Details placed(MemberId member, MemberId primary) {
    MemberId upstream = new Upstreams(spec, state).of(member, primary);
    Details about = about(member, primary);
    return upstream.equals(primary) ? about : about.with(Acts.UPSTREAM, upstream);
  }

  private static Details about(MemberId member, MemberId primary) {
    return Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, primary);
  }
}
