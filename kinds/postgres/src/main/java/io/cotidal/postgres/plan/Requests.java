package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final PgDiagnosis diagnosis;
  private final Ledger ledger;
  private final Upstreams upstreams;

  Requests(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.diagnosis = new Doctor(spec, state).diagnose();
    this.ledger = Ledger.of(state.ledger());
    this.upstreams = new Upstreams(spec, state);
  }

  Details prepare(String type, Details input) {
    return switch (type) {
      case Create.NAME -> create(input);
      case Restore.NAME -> new RestoreRequests(spec, state, diagnosis).prepare(input);
      case BackUp.NAME ->
          new BackupBoard(spec, state).prepare(input, answeringPrimary(BackUp.NAME));
      case Switchover.NAME -> switchover(input);
      case FailoverType.NAME -> failover(input);
      case Rejoin.NAME -> rejoin(input);
      case RollOut.NAME -> new RollOutRequest(spec, state).prepare(input, answeringPrimary(type));
      case Rehearse.NAME -> {
        answeringPrimary(Rehearse.NAME);
        if (input.has(RehearseOnClones.FAULT)) {
          throw refuse(Rehearse.NAME, "fault goes with on-clones: the real cluster is not struck");
        }
        yield Details.NONE;
      }
      case RehearseOnClones.NAME ->
          RehearseOnClones.prepare(spec, state, new PostgresKind().diagnose(spec, state), input);
      case ArchiveSwitch.START, ArchiveSwitch.STOP, ArchiveCheck.NAME, ArchiveExpire.NAME ->
          new ArchiveRequests(spec, state).prepare(type, input, answeringPrimary(type));
      default -> new MemberRequests(spec, state, diagnosis).prepare(type, input);
    };
  }

  private Details create(Details input) {
    if (!(diagnosis instanceof PgDiagnosis.NotCreated)) {
      throw refuse(Create.NAME, "needs members without data, but " + diagnosis.sentence());
    }
    if (spec.practice().care().restore().isPresent()) {
      throw refuse(
          Create.NAME,
          "the configuration has restore: use cot restore, or take restore out to make it empty");
    }
    MemberId first = input.find(Repairs.PRIMARY).map(this::known).orElse(spec.members().getFirst());
    requireMachine(Create.NAME, first);
    return Details.of(Repairs.PRIMARY, first);
  }

  private Details switchover(Details input) {
    MemberId primary = answeringPrimary(Switchover.NAME);
    requireMachine(Switchover.NAME, primary);
    Optional<MemberId> to = input.find(FailoverType.TO).map(this::known);
    List<MemberId> ready = ready(primary);
    if (ready.isEmpty()) {
      throw refuse(Switchover.NAME, "no replica streams from " + primary);
    }
    // Whoever streams from another one is brought close first, which takes that it is named.
    boolean allNever =
        ready.stream()
            .filter(one -> !upstreams.elsewhere(one, primary))
            .allMatch(one -> spec.practice().policy().of(one).never());
    if (to.isEmpty() && allNever) {
      throw refuse(
          Switchover.NAME,
          "never is set for every replica that streams from " + primary + ": name one with to");
    }
    if (to.isPresent() && to.get().equals(primary)) {
      throw refuse(Switchover.NAME, primary + " is primary already");
    }
    if (to.isPresent() && !ready.contains(to.get())) {
      throw refuse(
          Switchover.NAME,
          to.get() + " does not stream from " + primary + "; ready: " + Ledger.join(ready));
    }
    Details prepared = Details.of(FailoverType.FROM, primary);
    return to.map(member -> prepared.with(FailoverType.TO, member)).orElse(prepared);
  }

  private Details failover(Details input) {
    MemberId primary =
        ledger.primary().orElseThrow(() -> refuse(FailoverType.NAME, "the cluster has no primary"));
    Details prepared = Details.of(FailoverType.FROM, primary);
    Optional<MemberId> to = input.find(FailoverType.TO).map(this::known);
    if (to.isPresent()) {
      if (to.get().equals(primary)) {
        throw refuse(FailoverType.NAME, primary + " is primary already");
      }
      if (Out.of(state).has(to.get())) {
        throw refuse(
            FailoverType.NAME, to.get() + " is " + Out.of(state).why(to.get()) + ": take it back");
      }
      prepared = prepared.with(FailoverType.TO, to.get());
    }
    boolean force = input.get(FailoverType.FORCE, "false").equals("true");
    PgFacts facts = facts(primary);
    if (facts != null && !facts.recovering() && !force) {
      throw refuse(
          FailoverType.NAME,
          primary + " answers: use switchover, or force to replace it all the same");
    }
    if (input.get(FailoverType.ACCEPT_LOSS, "false").equals("true")) {
      prepared = prepared.with(FailoverType.ACCEPT_LOSS, "true");
    }
    return force ? prepared.with(FailoverType.FORCE, "true") : prepared;
  }

  private Details rejoin(Details input) {
    MemberId primary = answeringPrimary(Rejoin.NAME);
    String name = input.get(Repairs.MEMBER, "");
    if (name.isEmpty()) {
      throw refuse(Rejoin.NAME, "name the member to take back");
    }
    MemberId member = known(name);
    if (member.equals(primary)) {
      throw refuse(Rejoin.NAME, primary + " is primary: its data is the truth");
    }
    requireMachine(Rejoin.NAME, member);
    if (Out.of(state).has(member)) {
      throw refuse(Rejoin.NAME, member + " is " + Out.of(state).why(member) + ": enable it");
    }
    String way = input.get(Rejoin.WAY, "");
    if (!way.isEmpty() && !way.equals("rewind") && !way.equals("clone")) {
      throw refuse(Rejoin.NAME, "way '" + way + "': write rewind or clone");
    }
    Details prepared = Details.of(Repairs.MEMBER, member).with(Repairs.PRIMARY, primary);
    return way.isEmpty() ? prepared : prepared.with(Rejoin.WAY, way);
  }

  private void requireMachine(String action, MemberId member) {
    if (spec.server(member).filter(Server::gated).isEmpty()) {
      throw refuse(
          action,
          member + " is reached by SQL alone: it is not stopped, started or copied from here");
    }
  }

  private List<MemberId> ready(MemberId primary) {
    return spec.members().stream()
        .filter(member -> {
          PgFacts facts = facts(member);
          return facts != null && upstreams.streams(member, primary) && !Out.of(state).has(member);
        })
        .toList();
  }

  private MemberId answeringPrimary(String action) {
    return ledger
        .primary()
        .filter(primary -> {
          PgFacts facts = facts(primary);
          return facts != null && !facts.recovering();
        })
        .orElseThrow(() -> refuse(action, "needs a primary that answers; " + diagnosis.sentence()));
  }

  private MemberId known(String name) {
    return spec.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no member '" + name + "': choose one of " + Ledger.join(spec.members())));
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }

  private static IllegalArgumentException refuse(String action, String why) {
    return new IllegalArgumentException(action + ": " + why);
  }
}
