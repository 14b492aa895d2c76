package io.cotidal.postgres.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.members.FenceMember;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeBack;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.Optional;

/** What actions that are a choice come to as things stand. */
final class Meaning {
  static final String PROMOTE = "promote";
  static final String REMASTER = "remaster";
  static final String RECLONE = "reclone";
  static final String STONITH = "stonith";

  private final PostgresSpec spec;
  private final State<PgFacts> state;

  Meaning(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /**
   * The operation that the request begins.
   *
   * @throws IllegalArgumentException with place, reason and remedy in one line
   */
  Command.Begin of(Command.Begin asked) {
    Details input = asked.input();
    return switch (asked.type()) {
      case PROMOTE -> promote(asked);
      case REMASTER -> asked.as(remaster(input), input);
      case RECLONE -> asked.as(TakeBack.CLONE, input.with(MemberRequests.RECLONE, "true"));
      case STONITH -> asked.as(FenceMember.NAME, input);
      default -> asked;
    };
  }

  /**
   * A switchover as long as the primary answers, a failover once it is known to be gone; what is
   * not known is neither.
   */
  private Command.Begin promote(Command.Begin asked) {
    String member = asked.input().get(Inputs.MEMBER, "");
    Details to = Details.of(FailoverType.TO, member);
    PgDiagnosis diagnosis = new Doctor(spec, state).diagnose();
    return switch (diagnosis) {
      case PgDiagnosis.Healthy healthy -> asked.as(Switchover.NAME, to);
      case Troubled troubled -> asked.as(Switchover.NAME, to);
      case PgDiagnosis.PrimaryDead dead -> asked.as(FailoverType.NAME, to);
      case PgDiagnosis.PrimarySilent silent -> asked.as(FailoverType.NAME, to);
      case PgDiagnosis.NoPrimary none -> asked.as(FailoverType.NAME, to);
      case PgDiagnosis.NotLooked not -> throw unknown(not);
      case PgDiagnosis.NotCreated not -> throw unknown(not);
      case PgDiagnosis.Creating creating -> throw unknown(creating);
      case PgDiagnosis.NotAdopted not -> throw unknown(not);
      case PgDiagnosis.PrimarySuspect suspect -> throw unknown(suspect);
      case PgDiagnosis.ControlCutOff cutOff -> throw unknown(cutOff);
      case PgDiagnosis.ControlBlind blind -> throw unknown(blind);
      case PgDiagnosis.PrimaryUnclear unclear -> throw unknown(unclear);
      case PgDiagnosis.TwoPrimaries two -> throw unknown(two);
    };
  }

  private static IllegalArgumentException unknown(PgDiagnosis diagnosis) {
    return new IllegalArgumentException(
        "promote: "
            + diagnosis.sentence()
            + "; ask again when that is over, or use failover, which proves that the old primary is"
            + " gone");
  }

  /** A running standby is pointed anew; a stopped one is started, which points it too. */
  private String remaster(Details input) {
    MemberId member =
        Optional.of(input.get(Inputs.MEMBER, ""))
            .filter(name -> spec.members().stream().anyMatch(id -> id.name().equals(name)))
            .map(MemberId::new)
            .orElse(null);
    MemberState<PgFacts> known = member == null ? null : state.member(member);
    return known != null && ColdStart.stopped(known) ? Repairs.Start.NAME : Repairs.Follow.NAME;
  }
}
