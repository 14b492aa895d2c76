package io.cotidal.simulator;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Stamp;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.SyncNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server and its host, as far as replication and failover can tell it from a real one:
 * process, role, write-ahead log, upstream, quorum list, what lies on its disk, and the gate.
 */
final class SimServer {
  static final long RECEIVER_TIMEOUT = 2 * Scheduler.SECOND;

  /** A commit that waits for its quorum. */
  private record Waiting(Wal record) {}

  final MemberId id;
  private final World world;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<MemberId, Wal> flushed = new HashMap<>();
  private final List<Runnable> onThaw = new ArrayList<>();
  private final List<Runnable> onHostThaw = new ArrayList<>();
  final Set<MemberId> slots = new TreeSet<>();

  boolean up = true;
  boolean frozen;
  boolean hostFrozen;
  boolean recovering = true;
  boolean connected;
  long busyWithRecoveryUntil;
  long lastMessage;
  Wal wal;
  @Nullable MemberId upstream;
  String data = "present";
  String control = "in archive recovery";
  List<MemberId> quorum = List.of();
  int k;
  Stamp stamp = Stamp.NONE;
  boolean gateHeld;
  final SimGuard guard = new SimGuard(this);

  /** Until when it had news of its upstream as it was cut off last. */
  long heardUntil;

  SimServer(MemberId id, World world, Wal wal) {
    this.id = id;
    this.world = world;
    this.wal = wal;
  }

  boolean serves() {
    return up && !frozen && world.now() >= busyWithRecoveryUntil;
  }

  boolean takesWrites() {
    return serves() && !recovering;
  }

  // What clients see.

  /** A client's insert: logged here at once, acknowledged when the quorum has it. */
  void insert() {
    wal = wal.append();
    if (k == 0) {
      world.invariants().acknowledged(this, wal);
    } else {
      waiting.add(new Waiting(wal));
    }
    world.sendToStandbys(this);
  }

  /** A standby says how far its log is on disk. */
  void hears(MemberId standby, Wal position) {
    if (frozen) {
      onThaw.add(() -> hears(standby, position));
      return;
    }
    if (!up || recovering) {
      return;
    }
    flushed.put(standby, position);
    while (!waiting.isEmpty()) {
      Wal record = waiting.getFirst().record();
      long have =
          quorum.stream()
              .map(flushed::get)
              .filter(at -> at != null && at.position() >= record.position() && record.within(at))
              .count();
      if (have < k) {
        return;
      }
      waiting.removeFirst();
      world.invariants().acknowledged(this, record);
    }
  }

  /** A standby's connection is gone. */
  void misses(MemberId standby) {
    if (frozen) {
      onThaw.add(() -> misses(standby));
    } else {
      flushed.remove(standby);
    }
  }

  /** Whether a standby that streams has that record on disk. */
  boolean hasFlushed(MemberId standby, Wal record) {
    Wal at = flushed.get(standby);
    return at != null && at.position() >= record.position() && record.within(at);
  }

  /** Its guard has put a message into its log. */
  Wal mark() {
    wal = wal.append();
    world.sendToStandbys(this);
    return wal;
  }

  long now() {
    return world.now();
  }

  /** Runs {@code action} when it runs again, if it is frozen. */
  void whenRuns(Runnable action) {
    if (frozen) {
      onThaw.add(action);
    } else {
      action.run();
    }
  }

  boolean hasFlushed(MemberId standby, long position) {
    Wal at = flushed.get(standby);
    return at != null && at.position() >= position;
  }

  // What happens to it.

  /** Its process is gone, with whatever waited in it. */
  void crash() {
    if (!up) {
      return;
    }
    up = false;
    frozen = false;
    onThaw.clear();
    forgetSessions();
    control = recovering ? "in archive recovery" : "in production";
    world.connectionsBroken(this);
  }

  /** One backend crashed: the server restarts itself in place and stays what it was. */
  void blip(long nanos) {
    if (up && guard.there()) {
      // Its main process does not outlive a crash of one of its backends.
      crash();
    } else if (up && !frozen) {
      forgetSessions();
      busyWithRecoveryUntil = world.now() + nanos;
      world.connectionsBroken(this);
    }
  }

  void freeze(boolean withHost) {
    if (up) {
      frozen = true;
      hostFrozen |= withHost;
    }
  }

  void thaw() {
    frozen = false;
    hostFrozen = false;
    List<Runnable> late = new ArrayList<>(onHostThaw);
    late.addAll(onThaw);
    onHostThaw.clear();
    onThaw.clear();
    late.forEach(Runnable::run);
    guard.round();
  }

  /** Runs {@code action} when the host runs again. */
  void whenHostRuns(Runnable action) {
    if (hostFrozen) {
      onHostThaw.add(action);
    } else {
      action.run();
    }
  }

  private void forgetSessions() {
    guard.end();
    waiting.clear();
    flushed.clear();
    connected = false;
  }

  void start(boolean demoted) {
    up = true;
    frozen = false;
    recovering = demoted || recovering;
    forgetSessions();
    control = recovering ? "in archive recovery" : "in production";
  }

  void promote(List<MemberId> list, int newK) {
    quorum = list;
    k = newK;
    wal = wal.promote();
    recovering = false;
    guard.end();
    upstream = null;
    connected = false;
    control = "in production";
    world.sendToStandbys(this);
  }

  /** Stops in order: what it wrote reaches every standby that it can reach. */
  void stop() {
    if (!recovering) {
      wal = wal.append();
      world.flushToStandbys(this);
    }
    boolean wasPrimary = !recovering;
    up = false;
    recovering = true;
    forgetSessions();
    control = wasPrimary ? "shut down" : "shut down in recovery";
    world.connectionsBroken(this);
  }

  /** Kills it; {@code demoted} says whether whatever it starts as next is a standby. */
  void fence(boolean demoted) {
    crash();
    recovering |= demoted;
  }

  void setQuorum(List<MemberId> list, int newK) {
    quorum = list;
    k = newK;
    if (k == 0) {
      waiting.forEach(commit -> world.invariants().acknowledged(this, commit.record()));
      waiting.clear();
    }
  }

  // What a look sees.

  PgFacts facts() {
    PgFacts.Receiver receiver =
        recovering && connected
            ? new PgFacts.Receiver(
                "streaming", upstream, (world.now() - lastMessage) / Scheduler.MILLI)
            : null;
    List<PgFacts.Sender> senders = new ArrayList<>();
    for (SimServer other : world.servers()) {
      Wal at = flushed.get(other.id);
      if (other.connected && id.equals(other.upstream)) {
        senders.add(
            new PgFacts.Sender(other.id.name(), "streaming", at == null ? 0 : at.position()));
      }
    }
    return new PgFacts(
            180_006,
            1,
            recovering,
            wal.timeline(),
            wal.position(),
            wal.position(),
            upstream,
            receiver,
            senders,
            SyncNames.text(k, quorum),
            List.of(),
            !recovering)
        .guarded(guard.seen());
  }

  Host host() {
    Details disk =
        up
            ? Details.NONE
            : Details.of(Acts.DATA, data)
                .with(Acts.CONTROL_STATE, control)
                .with(Acts.TIMELINE, wal.timeline())
                .with(Acts.CAN_REWIND, world.canRewind());
    return new Host(up ? Host.Process.RUNNING : Host.Process.GONE, stamp, disk);
  }
}
