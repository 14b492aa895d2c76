package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What people ask of a restore, checked and completed. */
public final class RestoreRequests {
  private static final List<String> HANDED_ON =
      List.of(Restore.TO_TIME, Restore.TO_LSN, Restore.TO_NAME, Restore.BACKUP, Restore.TIMELINE);

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final PgDiagnosis diagnosis;

  /** As of that state. */
  public RestoreRequests(PostgresSpec spec, State<PgFacts> state, PgDiagnosis diagnosis) {
    this.spec = spec;
    this.state = state;
    this.diagnosis = diagnosis;
  }

  /**
   * The input completed.
   *
   * @throws IllegalArgumentException if it makes no sense, in a sentence for people
   */
  public Details prepare(Details input) {
    if (spec.practice().care().restore().isEmpty()) {
      throw refuse(
          "the configuration of "
              + spec.id()
              + " does not say from what: describe a new cluster with restore: {folder: …}");
    }
    MemberId first =
        input
            .find(Inputs.PRIMARY)
            .map(this::known)
            .orElseGet(() ->
                state
                    .ledger()
                    .find(Restore.RESTORING)
                    .map(MemberId::new)
                    .filter(spec.members()::contains)
                    .orElse(spec.members().getFirst()));
    if (spec.server(first).filter(Server::gated).isEmpty()) {
      throw refuse(first + " is reached by SQL alone: nothing can be laid there");
    }
    boolean again = again(first);
    if (!again && !(diagnosis instanceof PgDiagnosis.NotCreated)) {
      throw refuse(
          "needs members without data, for nothing is restored over what is there; "
              + diagnosis.sentence());
    }
    requirePossible(input);
    Details prepared = Details.of(Inputs.PRIMARY, first);
    for (String name : HANDED_ON) {
      if (input.has(name) && !input.need(name).isBlank()) {
        prepared = prepared.with(name, input.need(name).strip());
      }
    }
    return again ? prepared.with(Acts.AGAIN, true) : prepared;
  }

  private void requirePossible(Details input) {
    try {
      RecoveryTarget.of(input)
          .requirePast(Instant.EPOCH.plus(state.now().micros(), ChronoUnit.MICROS));
    } catch (IllegalArgumentException e) {
      throw refuse(String.valueOf(e.getMessage()));
    }
    if (!input.get(Restore.TIMELINE, "1").strip().matches("[1-9][0-9]{0,8}")) {
      throw refuse("timeline is a number");
    }
  }

  /** Whether what lies on that member is of an earlier try, and all others are empty. */
  private boolean again(MemberId first) {
    if (!state.ledger().find(Restore.RESTORING).equals(Optional.of(first.name()))
        || Ledger.of(state.ledger()).primary().isPresent()) {
      return false;
    }
    return state.members().values().stream()
        .filter(member -> !member.id().equals(first))
        .allMatch(RestoreRequests::empty);
  }

  private static boolean empty(MemberState<PgFacts> member) {
    return member.host().facts().get(Acts.DATA, "").equals("absent");
  }

  private MemberId known(String name) {
    return spec.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> refuse("no member '" + name + "': choose one of " + Ledger.join(spec.members())));
  }

  private static IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException(Restore.NAME + ": " + why);
  }
}
