package io.cotidal.simulator;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.guard.Guard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a primary's guard goes by, and does. Its clock is the simulated time. */
final class SimGuard {
  /** Between two of its rounds. */
  static final long ROUND = 50 * Scheduler.MILLI;

  private static final long NEVER = Long.MIN_VALUE / 4;

  private final SimServer server;
  private final Map<Long, Long> signs = new HashMap<>();
  private @Nullable Guard guard;
  private List<MemberId> members = List.of();
  private long held;
  private @Nullable Wal mark;
  private long marked;

  SimGuard(SimServer server) {
    this.server = server;
  }

  boolean there() {
    return guard != null;
  }

  List<Guard> seen() {
    return guard == null ? List.of() : List.of(guard);
  }

  boolean is(Guard other) {
    return other.equals(guard);
  }

  void begin(Guard other, List<MemberId> vouching) {
    guard = other;
    members = vouching;
    held = server.now();
    mark = null;
  }

  /** Its session is gone, and whatever sessions of looks said. */
  void end() {
    guard = null;
    signs.clear();
  }

  /** A look has come that hands a reading of the clock back. */
  void sign(long epoch, long reading) {
    signs.merge(epoch, reading, Math::max);
  }

  /** One round; the server ends itself if nobody vouches for it. */
  void round() {
    Guard mine = guard;
    if (mine == null || !server.up || server.frozen) {
      return;
    }
    long now = server.now();
    long sign = signs.getOrDefault(mine.epoch(), NEVER);
    long lease = mine.lease().toNanos();
    if (now - sign < lease / 2) {
      mark = null;
    } else if (mark == null) {
      marked = now;
      mark = server.mark();
    } else {
      Wal wanted = mark;
      if (members.stream().allMatch(member -> server.hasFlushed(member, wanted))) {
        held = marked;
        mark = null;
      }
    }
    if (now - Math.max(sign, held) > lease) {
      server.fence(true);
    }
  }
}
