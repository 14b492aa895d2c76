package io.cotidal.feeds.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Severity;
import java.util.List;

/** The verdict on a replica. */
public sealed interface FeedsDiagnosis extends Diagnosis {
  /** The first few of {@code jobs}, and how many more there are. */
  private static String names(List<String> jobs) {
    int few = Math.min(jobs.size(), 5);
    String more = jobs.size() > few ? " and " + (jobs.size() - few) + " more" : "";
    return String.join(", ", jobs.subList(0, few)) + more;
  }

  /** Every job of the newest revision is in force. */
  record Healthy(String head, int published) implements FeedsDiagnosis {
    @Override
    public String code() {
      return "healthy";
    }

    @Override
    public String sentence() {
      return published + " jobs are in force, as revision " + head + " says";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public Details evidence() {
      return Details.of("head", head).with("published", published);
    }
  }

  /** A member cannot be looked at: what it serves is not known, and nothing is done to it. */
  record Unclear(String member, String reason) implements FeedsDiagnosis {
    @Override
    public String code() {
      return "unclear";
    }

    @Override
    public String sentence() {
      return member + " cannot be looked at: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("member", member).with("reason", reason);
    }
  }

  /** The repository was not pulled; what was pulled before is kept in force. */
  record CutOff(String reason) implements FeedsDiagnosis {
    @Override
    public String code() {
      return "cut-off";
    }

    @Override
    public String sentence() {
      return "the state repository cannot be pulled: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("reason", reason);
    }
  }

  /** Jobs that fail, or that are not understood; all others are in force or on their way. */
  record Poisoned(List<String> jobs, String first) implements FeedsDiagnosis {
    /** Copies the list. */
    public Poisoned {
      jobs = List.copyOf(jobs);
    }

    @Override
    public String code() {
      return "jobs-failing";
    }

    @Override
    public String sentence() {
      return "not in force: " + names(jobs) + "; " + jobs.getFirst() + ": " + first;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("jobs", String.join(" ", jobs)).with("count", jobs.size());
    }
  }

  /** What somebody else changed, where nothing is done about it. */
  record Drifted(List<String> jobs, String first) implements FeedsDiagnosis {
    /** Copies the list. */
    public Drifted {
      jobs = List.copyOf(jobs);
    }

    @Override
    public String code() {
      return "drifted";
    }

    @Override
    public String sentence() {
      return "changed by somebody: " + names(jobs) + "; " + jobs.getFirst() + ": " + first;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("jobs", String.join(" ", jobs)).with("count", jobs.size());
    }
  }

  /**
   * Jobs that are to be done, or are being done.
   *
   * @param behind how many revisions are not applied
   * @param newest when the newest of them was made; empty if there is none
   */
  record Behind(int jobs, int behind, String newest) implements FeedsDiagnosis {
    @Override
    public String code() {
      return "behind";
    }

    @Override
    public String sentence() {
      return jobs
          + " jobs are to be done; "
          + behind
          + " revisions are not applied"
          + (newest.isEmpty() ? "" : ", the newest of " + newest);
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    /** Without the numbers: while they run down the verdict stays the same. */
    @Override
    public Details evidence() {
      return Details.NONE;
    }
  }
}
