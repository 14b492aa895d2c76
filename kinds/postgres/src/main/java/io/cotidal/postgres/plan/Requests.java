package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Requirements.refusal;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.archiving.ArchiveCheck;
import io.cotidal.postgres.plan.archiving.ArchiveExpire;
import io.cotidal.postgres.plan.archiving.ArchiveRequests;
import io.cotidal.postgres.plan.archiving.ArchiveSwitch;
import io.cotidal.postgres.plan.archiving.BackUp;
import io.cotidal.postgres.plan.archiving.BackupBoard;
import io.cotidal.postgres.plan.archiving.Restore;
import io.cotidal.postgres.plan.archiving.RestoreRequests;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.plan.settings.RollOutRequest;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Rehearse;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.Optional;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final PgDiagnosis diagnosis;
  private final Ledger ledger;
  private final Upstreams upstreams;
  private final Requirements needs;

  Requests(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.diagnosis = new Doctor(spec, state).diagnose();
    this.ledger = Ledger.of(state.ledger());
    this.upstreams = new Upstreams(spec, state);
    this.needs = new Requirements(spec, state, diagnosis);
  }

  Details prepare(String type, Details input) {
    return switch (type) {
      case Create.NAME -> create(input);
      case Restore.NAME -> new RestoreRequests(spec, state, diagnosis).prepare(input);
      case BackUp.NAME -> new BackupBoard(spec, state).prepare(input, needs.primary(BackUp.NAME));
      case Switchover.NAME -> switchover(input);
      case FailoverType.NAME -> failover(input);
      case Rejoin.NAME -> rejoin(input);
      case RollOut.NAME -> new RollOutRequest(spec, state).prepare(input, needs.primary(type));
      case Rehearse.NAME -> {
        needs.primary(Rehearse.NAME);
        yield Details.NONE;
      }
      case ArchiveSwitch.START, ArchiveSwitch.STOP, ArchiveCheck.NAME, ArchiveExpire.NAME ->
          new ArchiveRequests(spec, state).prepare(type, input, needs.primary(type));
      default -> new MemberRequests(spec, state, diagnosis).prepare(type, input);
    };
  }

  private Details create(Details input) {
    if (!(diagnosis instanceof PgDiagnosis.NotCreated)) {
      throw refusal(Create.NAME, "needs members without data, but " + diagnosis.sentence());
    }
    if (spec.practice().care().restore().isPresent()) {
      throw refusal(
          Create.NAME,
          "the configuration has restore: use cot restore, or take restore out to make it empty");
    }
    MemberId first = input.find(Inputs.PRIMARY).map(needs::known).orElse(spec.members().getFirst());
    needs.machine(Create.NAME, first);
    return Details.of(Inputs.PRIMARY, first);
  }

  private Details switchover(Details input) {
    MemberId primary = needs.primary(Switchover.NAME);
    needs.machine(Switchover.NAME, primary);
    Optional<MemberId> to = input.find(FailoverType.TO).map(needs::known);
    List<MemberId> ready = ready(primary);
    if (ready.isEmpty()) {
      throw refusal(Switchover.NAME, "no replica streams from " + primary);
    }
    // Whoever streams from another one is brought close first, which takes that it is named.
    boolean allNever =
        ready.stream()
            .filter(one -> !upstreams.elsewhere(one, primary))
            .allMatch(one -> spec.practice().policy().of(one).never());
    if (to.isEmpty() && allNever) {
      throw refusal(
          Switchover.NAME,
          "never is set for every replica that streams from " + primary + ": name one with to");
    }
    if (to.isPresent() && to.get().equals(primary)) {
      throw refusal(Switchover.NAME, primary + " is primary already");
    }
    if (to.isPresent() && !ready.contains(to.get())) {
      throw refusal(
          Switchover.NAME,
          to.get() + " does not stream from " + primary + "; ready: " + Ledger.join(ready));
    }
    Details prepared = Details.of(Inputs.FROM, primary);
    return to.map(member -> prepared.with(FailoverType.TO, member)).orElse(prepared);
  }

  private Details failover(Details input) {
    MemberId primary =
        ledger
            .primary()
            .orElseThrow(() -> refusal(FailoverType.NAME, "the cluster has no primary"));
    Details prepared = Details.of(Inputs.FROM, primary);
    Optional<MemberId> to = input.find(FailoverType.TO).map(needs::known);
    if (to.isPresent()) {
      if (to.get().equals(primary)) {
        throw refusal(FailoverType.NAME, primary + " is primary already");
      }
      if (Out.of(state).has(to.get())) {
        throw refusal(
            FailoverType.NAME, to.get() + " is " + Out.of(state).why(to.get()) + ": take it back");
      }
      prepared = prepared.with(FailoverType.TO, to.get());
    }
    boolean force = input.get(FailoverType.FORCE, "false").equals("true");
    PgFacts facts = needs.facts(primary);
    if (facts != null && !facts.recovering() && !force) {
      throw refusal(
          FailoverType.NAME,
          primary + " answers: use switchover, or force to replace it all the same");
    }
    if (input.get(FailoverType.ACCEPT_LOSS, "false").equals("true")) {
      prepared = prepared.with(FailoverType.ACCEPT_LOSS, "true");
    }
    return force ? prepared.with(FailoverType.FORCE, "true") : prepared;
  }

  private Details rejoin(Details input) {
    MemberId primary = needs.primary(Rejoin.NAME);
    String name = input.get(Inputs.MEMBER, "");
    if (name.isEmpty()) {
      throw refusal(Rejoin.NAME, "name the member to take back");
    }
    MemberId member = needs.known(name);
    if (member.equals(primary)) {
      throw refusal(Rejoin.NAME, primary + " is primary: its data is the truth");
    }
    needs.machine(Rejoin.NAME, member);
    if (Out.of(state).has(member)) {
      throw refusal(Rejoin.NAME, member + " is " + Out.of(state).why(member) + ": enable it");
    }
    String way = input.get(Rejoin.WAY, "");
    if (!way.isEmpty() && !way.equals("rewind") && !way.equals("clone")) {
      throw refusal(Rejoin.NAME, "way '" + way + "': write rewind or clone");
    }
    Details prepared = Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, primary);
    return way.isEmpty() ? prepared : prepared.with(Rejoin.WAY, way);
  }

  private List<MemberId> ready(MemberId primary) {
    return spec.members().stream()
        .filter(member -> {
          PgFacts facts = needs.facts(member);
          return facts != null && upstreams.streams(member, primary) && !Out.of(state).has(member);
        })
        .toList();
  }
}
