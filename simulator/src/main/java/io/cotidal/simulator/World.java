package io.cotidal.simulator;

import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The members of one cluster, the paths between them, and the clients that write. */
final class World {
  private static final long REPLICATION_TICK = 250 * Scheduler.MILLI;
  private static final long CLIENT_TICK = 400 * Scheduler.MILLI;

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Network network;
  private final Invariants invariants;
  private final boolean canRewind;
  private final Predicate<MemberId> condemned;
  private final Predicate<MemberId> disabled;
  private final Predicate<MemberId> out;
  private final List<SimServer> servers = new ArrayList<>();

  /**
   * What the journal says of members.
   *
   * @param condemned who must be copied
   * @param disabled for whom nothing is kept
   * @param out who shall not run
   */
  record Operators(
      Predicate<MemberId> condemned, Predicate<MemberId> disabled, Predicate<MemberId> out) {}

  World(
      Scheduler scheduler,
      RandomGenerator random,
      Network network,
      Invariants invariants,
      boolean canRewind,
      Operators operators) {
    this.condemned = operators.condemned();
    this.disabled = operators.disabled();
    this.out = operators.out();
    this.scheduler = scheduler;
    this.random = random;
    this.network = network;
    this.invariants = invariants;
    this.canRewind = canRewind;
  }

  /** Whether an operator wants the member down, and nobody counts on it. */
  boolean out(MemberId member) {
    return out.test(member);
  }

  /** A healthy cluster whose first member is primary. */
  void begin(List<MemberId> members, int k) {
    Wal origin = Wal.origin();
    for (MemberId member : members) {
      servers.add(new SimServer(member, this, origin));
    }
    SimServer primary = servers.getFirst();
    primary.recovering = false;
    primary.control = "in production";
    primary.k = k;
    primary.quorum = members.subList(1, members.size());
    for (SimServer standby : servers.subList(1, servers.size())) {
      standby.upstream = primary.id;
    }
    scheduler.after(0, this::replicate);
    scheduler.after(SimGuard.ROUND, this::guard);
    scheduler.after(CLIENT_TICK, this::write);
  }

  long now() {
    return scheduler.now();
  }

  Invariants invariants() {
    return invariants;
  }

  /** Whether an operator wants nothing kept for the member. */
  boolean disabled(MemberId member) {
    return disabled.test(member);
  }

  boolean canRewind() {
    return canRewind;
  }

  List<SimServer> servers() {
    return servers;
  }

  SimServer server(MemberId id) {
    for (SimServer server : servers) {
      if (server.id.equals(id)) {
        return server;
      }
    }
    throw new IllegalArgumentException("no server " + id);
  }

  private void write() {
    for (SimServer server : servers) {
      if (server.takesWrites()) {
        server.insert();
      }
    }
    scheduler.after(CLIENT_TICK + random.nextLong(CLIENT_TICK), this::write);
  }

  private void guard() {
    servers.forEach(server -> server.guard.round());
    scheduler.after(SimGuard.ROUND, this::guard);
  }

  private void replicate() {
    for (SimServer standby : servers) {
      MemberId from = standby.upstream;
      if (standby.serves() && standby.recovering && from != null) {
        keepUp(standby, server(from));
      }
    }
    scheduler.after(REPLICATION_TICK, this::replicate);
  }

  private void keepUp(SimServer standby, SimServer sender) {
    boolean path = network.connected(standby.id.name(), sender.id.name());
    if (standby.connected) {
      if (path && sender.serves()) {
        standby.lastMessage = now();
        if (standby.wal != sender.wal) {
          send(sender, standby);
        }
      } else if (now() - standby.lastMessage > SimServer.RECEIVER_TIMEOUT) {
        disconnect(standby, sender);
      }
    } else if (path && sender.serves() && takesIn(sender, standby)) {
      standby.connected = true;
      standby.lastMessage = now();
      send(sender, standby);
    }
  }

  /**
   * Whether a real server would stream: it compares timeline numbers, and the point where another
   * one began. Two timelines of one number are one to it, whoever began them.
   */
  private boolean takesIn(SimServer sender, SimServer standby) {
    boolean within = standby.wal.within(sender.wal);
    boolean looksSo =
        standby.wal.timeline() == sender.wal.timeline()
            && standby.wal.position() <= sender.wal.position();
    // A member that must be copied anew is lost already, whatever it mixes up.
    if (looksSo && !within && !condemned.test(standby.id)) {
      invariants.violated(standby.id + " streams from " + sender.id + " across two histories");
    }
    return within;
  }

  private void disconnect(SimServer standby, SimServer sender) {
    standby.connected = false;
    sender.misses(standby.id);
  }

  /**
   * The other ends of a server's connections learn at once that it closed them, if the path is
   * whole.
   */
  void connectionsBroken(SimServer server) {
    for (SimServer other : servers) {
      if (other != server
          && other.connected
          && server.id.equals(other.upstream)
          && network.connected(other.id.name(), server.id.name())) {
        other.connected = false;
      }
    }
  }

  void sendToStandbys(SimServer sender) {
    for (SimServer standby : servers) {
      if (standby.connected && sender.id.equals(standby.upstream)) {
        send(sender, standby);
      }
    }
  }

  private void send(SimServer sender, SimServer standby) {
    Wal sent = sender.wal;
    scheduler.after(latency(), () -> arrive(sender, standby, sent));
  }

  private void arrive(SimServer sender, SimServer standby, Wal sent) {
    boolean listens =
        standby.serves()
            && standby.connected
            && standby.recovering
            && sender.id.equals(standby.upstream)
            && network.passes(sender.id.name(), standby.id.name());
    if (!listens || !standby.wal.within(sent)) {
      return;
    }
    standby.wal = sent;
    scheduler.after(
        latency(),
        () -> {
          if (network.passes(standby.id.name(), sender.id.name())) {
            sender.hears(standby.id, sent);
          }
        });
  }

  /** An orderly stop waits until its standbys have everything, as far as they can be reached. */
  void flushToStandbys(SimServer sender) {
    for (SimServer standby : servers) {
      boolean reached =
          standby.connected
              && sender.id.equals(standby.upstream)
              && standby.serves()
              && network.connected(sender.id.name(), standby.id.name());
      if (reached && standby.wal.within(sender.wal)) {
        standby.wal = sender.wal;
      }
    }
  }

  private long latency() {
    return Scheduler.MILLI + random.nextLong(5 * Scheduler.MILLI);
  }
}
