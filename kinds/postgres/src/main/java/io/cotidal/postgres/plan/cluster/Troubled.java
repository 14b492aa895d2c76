package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Severity;
import java.util.ArrayList;
import java.util.List;

/** The primary answers, and something is wrong beside it. */
public sealed interface Troubled extends PgDiagnosis {
  /** Who answers. */
  MemberId primary();

  /** What is wrong, a sentence each, the oldest first. */
  List<String> troubles();

  /** The same with another trouble, under that name in the evidence. */
  Troubled and(String name, String trouble);

  @Override
  default String sentence() {
    return primary() + " is primary; " + String.join("; ", troubles());
  }

  private static List<String> more(List<String> troubles, String trouble) {
    List<String> all = new ArrayList<>(troubles);
    all.add(trouble);
    return all;
  }

  /** Replicas do not stream, or a proxy is stale. */
  record Degraded(MemberId primary, List<String> troubles, Details evidence) implements Troubled {
    /** Copies the list. */
    public Degraded {
      troubles = List.copyOf(troubles);
    }

    @Override
    public Degraded and(String name, String trouble) {
      return new Degraded(primary, more(troubles, trouble), evidence.with(name, trouble));
    }

    @Override
    public String code() {
      return "degraded";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /**
   * Its log piles up: a slot keeps it, or the archive does not take it.
   *
   * @param urgent whether that is far too much
   */
  record LogPilesUp(MemberId primary, List<String> troubles, boolean urgent, Details evidence)
      implements Troubled {
    /** Copies the list. */
    public LogPilesUp {
      troubles = List.copyOf(troubles);
    }

    @Override
    public LogPilesUp and(String name, String trouble) {
      return new LogPilesUp(primary, more(troubles, trouble), urgent, evidence.with(name, trouble));
    }

    @Override
    public String code() {
      return urgent ? "log-overflows" : "log-piles-up";
    }

    @Override
    public Severity severity() {
      return urgent ? Severity.CRITICAL : Severity.WARNING;
    }
  }

  /**
   * A member's disk fills.
   *
   * @param urgent whether one is almost full, or full
   */
  record DiskFills(MemberId primary, List<String> troubles, boolean urgent, Details evidence)
      implements Troubled {
    /** Copies the list. */
    public DiskFills {
      troubles = List.copyOf(troubles);
    }

    @Override
    public DiskFills and(String name, String trouble) {
      return new DiskFills(primary, more(troubles, trouble), urgent, evidence.with(name, trouble));
    }

    @Override
    public String code() {
      return urgent ? "disk-full" : "disk-fills";
    }

    @Override
    public Severity severity() {
      return urgent ? Severity.CRITICAL : Severity.WARNING;
    }
  }
}
