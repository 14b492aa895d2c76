package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.model.Host;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.postgres.observe.PgFacts;
import java.util.Locale;

/** Facts in the words of an operator. */
public final class Sentences {
  private Sentences() {}

  /** What is known of a member, in one line. */
  public static String member(MemberState<PgFacts> member, Moment now) {
    Observation<PgFacts> latest = member.latest();
    if (latest == null) {
      return "not looked at yet";
    }
    if (latest instanceof Observation.Seen<PgFacts> seen) {
      return facts(seen.facts()) + disk(member);
    }
    String text = latest.sentence();
    if (member.streak() > 0) {
      text +=
          ", "
              + member.streak()
              + " times in "
              + member.failingFor(now.nanos()) / Moment.MILLI
              + " ms";
    }
    return switch (latest.host().process()) {
      case GONE -> text + "; its process is gone" + disk(member);
      case RUNNING -> text + "; its process exists" + disk(member);
      case UNKNOWN -> text;
    };
  }

  private static String disk(MemberState<PgFacts> member) {
    return DiskBoard.full(member) ? "; its disk is full" : "";
  }

  private static String facts(PgFacts facts) {
    String where = " at " + lsn(facts.position()) + " on timeline " + facts.timeline();
    if (!facts.recovering()) {
      return "primary" + where;
    }
    PgFacts.Receiver receiver = facts.receiver();
    if (receiver == null) {
      return "standby" + where + ", receives from nobody";
    }
    return "standby"
        + where
        + ", "
        + receiver.status()
        + " from "
        + (receiver.sender() == null ? "a stranger" : receiver.sender())
        + ", last message "
        + receiver.silentMillis()
        + " ms ago";
  }

  /** A byte position as PostgreSQL writes it. */
  public static String lsn(long position) {
    return Long.toHexString(position >>> 32).toUpperCase(Locale.ROOT)
        + '/'
        + Long.toHexString(position & 0xFFFFFFFFL).toUpperCase(Locale.ROOT);
  }

  /** What is known of the member's process. */
  public static String process(Host host) {
    return host.process().name().toLowerCase(Locale.ROOT);
  }
}
