package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Members that the ledger remembers and that configuration and source no longer name. They are not
 * looked at; steps may still act on them. Immutable.
 *
 * @param members by name
 * @param known how many members the ledger remembered when the first of them departed: who came
 *     since says nothing about how many may go
 * @param forgotten how many more departed since then and have been let go of
 * @param suspicion why Cotidal mistrusts its own sight of all resources, in one sentence; empty if
 *     it does not
 */
public record Departed(
    SortedMap<MemberId, Absence> members, int known, int forgotten, String suspicion) {
  /** Nobody, and nobody is known. */
  public static final Departed NOBODY = new Departed(new TreeMap<>(), 0, 0, "");

  /** Makes the map unmodifiable. The caller must not keep it. */
  public Departed {
    members = Collections.unmodifiableSortedMap(members);
  }

  /** Whether nobody is gone. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** Whether {@code member} is gone. */
  public boolean has(MemberId member) {
    return members.containsKey(member);
  }

  /**
   * Those that have been gone for at least {@code grace}, by answers that are in force now: nobody
   * while the source does not answer.
   */
  public List<MemberId> after(Duration grace, Moment now) {
    return members.entrySet().stream()
        .filter(one -> one.getValue().counting())
        .filter(one -> one.getValue().nanos(now.nanos()) >= grace.toNanos())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Who is gone now. Before a source's first answer nobody is; while it does not answer everybody
   * stays as they were and no time is counted; once it has failed twice in a row their time begins
   * anew.
   *
   * @param remembered by the ledger
   * @param named by the configuration, or by the latest answer
   */
  Departed next(Set<MemberId> remembered, Set<MemberId> named, SourceHealth source, long now) {
    if (source.awaited()) {
      return new Departed(new TreeMap<>(), remembered.size(), 0, suspicion);
    }
    SortedMap<MemberId, Absence> gone = new TreeMap<>();
    for (MemberId member : remembered) {
      if (!named.contains(member)) {
        gone.put(member, absence(member, source, now));
      }
    }
    int letGo = forgotten;
    for (MemberId member : members.keySet()) {
      letGo += remembered.contains(member) || named.contains(member) ? 0 : 1;
    }
    return gone.isEmpty()
        ? new Departed(gone, remembered.size(), 0, suspicion)
        : new Departed(gone, isEmpty() ? remembered.size() : known, letGo, suspicion);
  }

  private Absence absence(MemberId member, SourceHealth source, long now) {
    Absence before = members.get(member);
    return before == null || source.degraded()
        ? Absence.from(now, source.inForce())
        : before.counting(now, source.inForce());
  }

  /** The same, their time beginning anew: a pause of this process says nothing about them. */
  Departed anew(long now) {
    SortedMap<MemberId, Absence> gone = new TreeMap<>();
    members.forEach((member, absence) -> gone.put(member, Absence.from(now, absence.counting())));
    return new Departed(gone, known, forgotten, suspicion);
  }

  /** The same under a suspicion; none if empty. */
  Departed suspecting(String why) {
    return new Departed(members, known, forgotten, why);
  }
}
