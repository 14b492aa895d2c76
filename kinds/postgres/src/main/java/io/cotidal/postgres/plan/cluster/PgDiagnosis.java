package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationId;
import io.cotidal.model.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be the matter with a PostgreSQL cluster. The planner switches on it. */
public sealed interface PgDiagnosis extends Diagnosis
    permits PgDiagnosis.NotLooked,
        PgDiagnosis.NotCreated,
        PgDiagnosis.Creating,
        PgDiagnosis.NotAdopted,
        PgDiagnosis.Healthy,
        Troubled,
        PgDiagnosis.PrimarySuspect,
        PgDiagnosis.PrimaryDead,
        PgDiagnosis.PrimarySilent,
        PgDiagnosis.ControlCutOff,
        PgDiagnosis.ControlBlind,
        PgDiagnosis.PrimaryUnclear,
        PgDiagnosis.NoPrimary,
        PgDiagnosis.TwoPrimaries {

  /** In the evidence of a healthy cluster: who waits for a restart, and for which parameters. */
  String PENDING = "pending restart";

  /**
   * The primary of a cluster that works, more or less; empty if it does not, or nobody can tell.
   */
  default Optional<MemberId> answering() {
    return switch (this) {
      case Healthy healthy -> Optional.of(healthy.primary());
      case Troubled troubled -> Optional.of(troubled.primary());
      case NotLooked not -> Optional.empty();
      case NotCreated not -> Optional.empty();
      case Creating creating -> Optional.empty();
      case NotAdopted not -> Optional.empty();
      case PrimarySuspect suspect -> Optional.empty();
      case PrimaryDead dead -> Optional.empty();
      case PrimarySilent silent -> Optional.empty();
      case ControlCutOff cutOff -> Optional.empty();
      case ControlBlind blind -> Optional.empty();
      case PrimaryUnclear unclear -> Optional.empty();
      case NoPrimary none -> Optional.empty();
      case TwoPrimaries two -> Optional.empty();
    };
  }

  /** Not every member has been looked at. */
  record NotLooked(Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "not-looked";
    }

    @Override
    public String sentence() {
      return "the members have not all been looked at yet";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** No member has data. */
  record NotCreated(Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "not-created";
    }

    @Override
    public String sentence() {
      return "no member has data: run the action create";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** The operation create is under way and explains what is there; no member is primary yet. */
  record Creating(MemberId primary, OperationId operation, Details evidence)
      implements PgDiagnosis {
    @Override
    public String code() {
      return "creating";
    }

    @Override
    public String sentence() {
      return "create " + operation + " is under way: " + primary + " is to be the first primary";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** One primary answers, and no operation of ours made it one. */
  record NotAdopted(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "not-adopted";
    }

    @Override
    public String sentence() {
      return primary + " is primary and the cluster is not adopted yet";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /**
   * Everything is as it should be.
   *
   * @param evidence who is left out on purpose, and how; {@link #PENDING}
   */
  record Healthy(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "healthy";
    }

    @Override
    public String sentence() {
      String sentence = primary + " is primary, every replica streams";
      for (Map.Entry<String, String> out : evidence.entries().entrySet()) {
        boolean pending = out.getKey().equals(PENDING);
        sentence += "; " + out.getKey() + (pending ? ": " : " is ") + out.getValue();
      }
      return sentence;
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** The primary fails, and it is too early to say more. */
  record PrimarySuspect(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "primary-suspect";
    }

    @Override
    public String sentence() {
      return primary + " does not answer; not confirmed yet";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Nothing listens at the primary, and no replica streams from it. */
  record PrimaryDead(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "primary-dead";
    }

    @Override
    public String sentence() {
      return primary + ", the primary, is dead: it refuses, and no replica streams from it";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /**
   * The primary gives no answer to us and no message to any replica: frozen, overloaded or cut off.
   */
  record PrimarySilent(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "primary-silent";
    }

    @Override
    public String sentence() {
      return primary + ", the primary, is silent to us and to every replica";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** We cannot reach the primary, but replicas still stream from it. Changes nothing. */
  record ControlCutOff(MemberId primary, List<MemberId> streaming, Details evidence)
      implements PgDiagnosis {
    /** Copies the list. */
    public ControlCutOff {
      streaming = List.copyOf(streaming);
    }

    @Override
    public String code() {
      return "control-cut-off";
    }

    @Override
    public String sentence() {
      return "the control plane is cut off from "
          + primary
          + ", which is alive: "
          + Ledger.join(streaming)
          + " still streams from it; nothing will be changed";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Nobody answers us, and nothing proves that anybody is down: it may be us. Changes nothing. */
  record ControlBlind(MemberId primary, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "control-blind";
    }

    @Override
    public String sentence() {
      return "no member answers the control plane; nothing will be changed";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** Something answers at the primary, but not what was asked. */
  record PrimaryUnclear(MemberId primary, String reason, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "primary-unclear";
    }

    @Override
    public String sentence() {
      return "cannot tell how " + primary + ", the primary, is: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /**
   * The last primary is gone or demoted, and no replica is left that could follow a failover: a
   * cold start.
   */
  record NoPrimary(MemberId last, Details evidence) implements PgDiagnosis {
    @Override
    public String code() {
      return "no-primary";
    }

    @Override
    public String sentence() {
      return "no member is primary; " + last + " was the last";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** A member that should be a standby takes writes. */
  record TwoPrimaries(MemberId primary, List<MemberId> intruders, Details evidence)
      implements PgDiagnosis {
    /** Copies the list. */
    public TwoPrimaries {
      intruders = List.copyOf(intruders);
    }

    @Override
    public String code() {
      return "two-primaries";
    }

    @Override
    public String sentence() {
      return primary + " is primary, and " + Ledger.join(intruders) + " is no standby either";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }
}
