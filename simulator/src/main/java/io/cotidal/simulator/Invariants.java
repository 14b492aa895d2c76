package io.cotidal.simulator;

import io.cotidal.model.MemberId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in every history.
 *
 * <ol>
 *   <li>Acknowledged quorum writes lie on one line: none is acknowledged on a branch that lacks
 *       another. That is both "no two members acknowledge" and "nothing acknowledged is lost".
 *   <li>Without a quorum, nobody acknowledges once a later primary has.
 *   <li>No act under an older stamp takes effect on a member after one under a newer.
 *   <li>No act of an older epoch takes effect on a member that its new leader could reach when it
 *       began to lead.
 *   <li>No step takes effect again while its effect is there.
 *   <li>No member is let go of on the word of a source that could not answer.
 * </ol>
 */
final class Invariants {
  private final Map<MemberId, Stamp> applied = new HashMap<>();
  private final Map<MemberId, Long> floor = new HashMap<>();
  private final List<String> broken = new ArrayList<>();
  private final Set<Wal> eras = new HashSet<>();
  private final Scheduler scheduler;
  private final boolean quorum;
  private @Nullable Wal newest;
  private @Nullable Wal era;
  private long acknowledged;

  Invariants(Scheduler scheduler, boolean quorum) {
    this.scheduler = scheduler;
    this.quorum = quorum;
  }

  /** Every violation so far, in the order of their finding. */
  List<String> broken() {
    return broken;
  }

  long acknowledged() {
    return acknowledged;
  }

  @Nullable Wal newest() {
    return newest;
  }

  void violated(String what) {
    broken.add(scheduler.now() / Scheduler.MILLI + " ms: " + what);
  }

  void acknowledged(SimServer server, Wal record) {
    acknowledged++;
    if (quorum) {
      Wal before = newest;
      if (before == null || before.within(record)) {
        newest = record;
      } else if (!record.within(before)) {
        violated(server.id + " acknowledged " + record + " on a branch without " + before);
      }
      return;
    }
    Wal promotion = record.promotion();
    if (promotion != era) {
      if (!eras.add(promotion)) {
        violated(server.id + " acknowledged " + record + " after a later primary had");
      }
      era = promotion;
    }
  }

  void applies(SimServer server, Step step, Stamp stamp, boolean alreadyThere) {
    Stamp before = applied.getOrDefault(server.id, Stamp.NONE);
    if (stamp.compareTo(before) < 0) {
      violated(step.sentence() + ": under " + stamp + " after " + before + " had acted");
    } else {
      applied.put(server.id, stamp);
    }
    if (stamp.epoch() < floor.getOrDefault(server.id, 0L)) {
      violated(step.sentence() + ": of epoch " + stamp.epoch() + ", after a newer leader began");
    }
    if (alreadyThere) {
      violated(step.sentence() + ": took effect twice");
    }
  }

  /** A leader began; from now on older epochs must not act on those members. */
  void leads(long epoch, List<MemberId> stamped) {
    for (MemberId member : stamped) {
      floor.merge(member, epoch, Math::max);
    }
  }
}
