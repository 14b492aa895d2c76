package io.cotidal.postgres.spec;

import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator prefers when a primary is replaced. None of it weakens the rules of the quorum.
 *
 * @param standings of members; whoever is not named has {@link Standing#PLAIN}
 * @param prefer tags, the most preferred first; they decide between equals, before the priority
 * @param restart how long a dead primary is given to come back in its place before another one is
 *     promoted; zero for not at all
 * @param hold for how long after a failover the next one waits for an approval; zero for not at all
 * @param fencing what is tried, in this order, against a primary that may still live
 * @param rehearsal how long after one rehearsal the next one is due; zero for none by itself
 */
public record Policy(
    SortedMap<MemberId, Standing> standings,
    List<String> prefer,
    Duration restart,
    Duration hold,
    List<Rung> fencing,
    Duration rehearsal) {
  /** One thing that is tried against a primary that may still live. */
  public enum Rung {
    /** Its processes are killed through the member's gate. A proof. */
    GATE,
    /** Its clients are cut off at the proxies. Lessens harm and proves nothing. */
    PROXIES,
    /** A plug-in ends its machine. A proof. */
    PLUG_IN;

    /** As it is written in the configuration and in the record. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** All of them, in the order of those who did not write another one. */
  public static final List<Rung> LADDER = List.of(Rung.values());

  /** Nobody is preferred, nothing is tried first, nothing is held. */
  public static final Policy NONE =
      new Policy(new TreeMap<>(), List.of(), Duration.ZERO, Duration.ZERO);

  /** Copies the collections. */
  public Policy {
    standings = Collections.unmodifiableSortedMap(new TreeMap<>(standings));
    prefer = List.copyOf(prefer);
    fencing = List.copyOf(fencing);
  }

  /** Without rehearsals. */
  public Policy(
      SortedMap<MemberId, Standing> standings,
      List<String> prefer,
      Duration restart,
      Duration hold,
      List<Rung> fencing) {
    this(standings, prefer, restart, hold, fencing, Duration.ZERO);
  }

  /** This with rehearsals. */
  public Policy rehearsing(Duration every) {
    return new Policy(standings, prefer, restart, hold, fencing, every);
  }

  /** With all that there is against a primary that may still live. */
  public Policy(
      SortedMap<MemberId, Standing> standings,
      List<String> prefer,
      Duration restart,
      Duration hold) {
    this(standings, prefer, restart, hold, LADDER);
  }

  /** The member's standing. */
  public Standing of(MemberId member) {
    return standings.getOrDefault(member, Standing.PLAIN);
  }

  /** How early {@link #prefer} names one of the member's tags; past its end if it names none. */
  public int preference(MemberId member) {
    for (int i = 0; i < prefer.size(); i++) {
      if (of(member).tags().contains(prefer.get(i))) {
        return i;
      }
    }
    return prefer.size();
  }
}
