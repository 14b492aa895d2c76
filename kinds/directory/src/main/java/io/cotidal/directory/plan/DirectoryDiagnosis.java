package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.MemberId;
import io.cotidal.model.Severity;
import java.util.List;

/** What can be the matter with a directory. The planner switches on it. */
public sealed interface DirectoryDiagnosis extends Diagnosis {

  /** The source of members has not answered yet: nobody knows who they are. */
  record SourceUnavailable(String reason, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "source-unavailable";
    }

    @Override
    public String sentence() {
      return "the source has not said yet who the members are"
          + (reason.isEmpty() ? "" : ": " + reason);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Not every member has been looked at. */
  record NotLooked(Details evidence) implements DirectoryDiagnosis {
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

  /**
   * Members hold data that has nothing in common.
   *
   * @param holdings one phrase a member
   * @param all whether nobody can tell which is right; else only the members named are left out
   */
  record DataConflict(List<String> holdings, boolean all, Details evidence)
      implements DirectoryDiagnosis {
    /** Copies the list. */
    public DataConflict {
      holdings = List.copyOf(holdings);
    }

    @Override
    public String code() {
      return "data-conflict";
    }

    @Override
    public String sentence() {
      String what = String.join("; ", holdings);
      return all
          ? "nothing is done, for nobody can tell whose data is right: "
              + what
              + "; empty those that are wrong, or take them out"
          : what + ": that is not the directory's data; reinitialise overwrites it";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** Nobody who answers has data, and somebody who does not answer may. */
  record SeedUnclear(String reason, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "seed-unclear";
    }

    @Override
    public String sentence() {
      return "nothing is done yet: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Two members are clones of one image. */
  record SameImage(MemberId one, MemberId other, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "same-image";
    }

    @Override
    public String sentence() {
      return one
          + " and "
          + other
          + " are clones of one image: they give different entries the same unique id, and changes"
          + " would be lost; take the unique-id generator's state out of one";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** Two members have one replica id. */
  record SameId(MemberId one, MemberId other, String id, Details evidence)
      implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "same-id";
    }

    @Override
    public String sentence() {
      return one + " and " + other + " both have " + id + ": set up replication on one anew";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** Members are being taken in, or are to be. */
  record Building(List<MemberId> members, Details evidence) implements DirectoryDiagnosis {
    /** Copies the list. */
    public Building {
      members = List.copyOf(members);
    }

    @Override
    public String code() {
      return "building";
    }

    @Override
    public String sentence() {
      return "not taken in yet: " + Moves.names(members);
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }

  /** Members lack changes that no supplier can send any more, or came back under a used-up id. */
  record NeedsReinitialisation(List<MemberId> members, Details evidence)
      implements DirectoryDiagnosis {
    /** Copies the list. */
    public NeedsReinitialisation {
      members = List.copyOf(members);
    }

    @Override
    public String code() {
      return "needs-reinitialisation";
    }

    @Override
    public String sentence() {
      return Moves.names(members) + " cannot be caught up any more and must be filled anew";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /**
   * What is written at one member does not reach another.
   *
   * @param gap from whom to whom
   */
  record NotConnected(Edge gap, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "not-strongly-connected";
    }

    @Override
    public String sentence() {
      return "what is written at " + gap.from() + " does not reach " + gap.to();
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }
  }

  /** A consumer refuses a supplier's account or password. */
  record Credentials(Edge edge, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "credentials";
    }

    @Override
    public String sentence() {
      return edge + ": invalid credentials";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** A supplier refuses a consumer's certificate. */
  record Tls(Edge edge, String words, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "tls";
    }

    @Override
    public String sentence() {
      return edge
          + ": TLS fails"
          + (words.isEmpty() ? "" : " (" + words + ")")
          + "; see that the certificate of "
          + edge.to()
          + " names the very host that the agreement names (SAN), is trusted and has not expired";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Members that left are being let go of, or are to be. */
  record Removing(List<MemberId> members, String held, Details evidence)
      implements DirectoryDiagnosis {
    /** Copies the list. */
    public Removing {
      members = List.copyOf(members);
    }

    @Override
    public String code() {
      return "removing";
    }

    @Override
    public String sentence() {
      return Moves.names(members) + " left" + (held.isEmpty() ? "" : "; held: " + held);
    }

    @Override
    public Severity severity() {
      return held.isEmpty() ? Severity.INFO : Severity.WARNING;
    }
  }

  /** Something is not as it should be, and data gets everywhere all the same. */
  record Degraded(List<String> troubles, Details evidence) implements DirectoryDiagnosis {
    /** Copies the list. */
    public Degraded {
      troubles = List.copyOf(troubles);
    }

    @Override
    public String code() {
      return "degraded";
    }

    @Override
    public String sentence() {
      return String.join("; ", troubles);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** A member's clock is off: change numbers are made of time. */
  record ClockSkew(MemberId member, long millis, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "clock-skew";
    }

    @Override
    public String sentence() {
      return "the clock of "
          + member
          + " is "
          + Math.abs(millis) / 1_000
          + " s "
          + (millis > 0 ? "ahead" : "behind")
          + ": of two changes of one value the wrong one may win";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** The source does not answer; what it said last stays in force. */
  record DiscoveryDegraded(String reason, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "discovery-degraded";
    }

    @Override
    public String sentence() {
      return "the source of members does not answer, its last answer stays in force: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** Everything is as it should be. */
  record Healthy(String proof, Details evidence) implements DirectoryDiagnosis {
    @Override
    public String code() {
      return "healthy";
    }

    @Override
    public String sentence() {
      return proof;
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
