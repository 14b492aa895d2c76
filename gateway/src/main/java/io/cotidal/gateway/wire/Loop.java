package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: its clients, and the connections to the site that serve them, so that no request
 * goes from one thread to another. All but {@link #run} is for its own thread.
 */
final class Loop {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * What all loops share.
   *
   * @param name the beginning of the numbers of requests
   * @param loops how many there are
   * @param readAhead the bytes that may be read for the clients of each and not yet taken by them
   * @param peers other sites
   */
  record House(
      Settings settings,
      Doorkeeper doorkeeper,
      Tally tally,
      Transport transport,
      String name,
      int loops,
      int readAhead,
      List<Upstream> peers) {}

  private final House house;
  private final EventLoop events;
  private final SitePool pool;
  private final Map<String, SitePool> peers = new TreeMap<>();
  private final String name;
  private final Set<ClientConnection> clients = Collections.newSetFromMap(new IdentityHashMap<>());
  private long now = System.nanoTime();
  private long requests;
  private boolean draining;

  Loop(House house, EventLoop events, int index) {
    this.house = house;
    this.events = events;
    this.name = house.name() + "-" + Integer.toString(index, 36) + "-";
    this.pool = new SitePool(this, Upstream.own(house.settings().site()));
    house.peers().forEach(peer -> peers.put(peer.toString(), new SitePool(this, peer)));
    var _ = events.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  House house() {
    return house;
  }

  Settings.Limits limits() {
    return house.settings().limits();
  }

  Settings.Patience patience() {
    return house.settings().patience();
  }

  Tally tally() {
    return house.tally();
  }

  EventLoop events() {
    return events;
  }

  SitePool pool() {
    return pool;
  }

  /** The connections to another site; null if it is not known. */
  @Nullable SitePool peer(String site) {
    return peers.get(site);
  }

  /** The time of the last tick, as {@link System#nanoTime} has it. */
  long now() {
    return now;
  }

  /** What the doorkeeper says of a request. */
  Ruling judge(Head head, String id) {
    try {
      return house.doorkeeper().judge(head);
    } catch (RuntimeException e) {
      LOG.error("event=doorkeeper-failed request={}", id, e);
      return new Ruling.Refuse(500, "the request could not be judged");
    }
  }

  /** A number that no other request has. */
  String next() {
    requests++;
    return name + Long.toString(requests, 36);
  }

  /** Whether no further request is wanted of any client. */
  boolean draining() {
    return draining;
  }

  /** Does it at once if called by its own thread, else soon; not at all once the loop has ended. */
  void run(Runnable task) {
    if (events.inEventLoop()) {
      task.run();
      return;
    }
    try {
      events.execute(task);
    } catch (RejectedExecutionException e) {
      // Its connections have ended with it: nobody waits for this.
      LOG.debug("event=loop-ended task-dropped");
    }
  }

  /** Does it when what is done now is done; by its own thread. */
  void later(Runnable task) {
    try {
      events.execute(task);
    } catch (RejectedExecutionException e) {
      // All connections have ended with it.
      LOG.debug("event=loop-ended task-dropped");
    }
  }

  void add(ClientConnection client) {
    clients.add(client);
  }

  void remove(ClientConnection client) {
    clients.remove(client);
  }

  /** How many there are now. */
  int clients() {
    return clients.size();
  }

  /** Lets requests that have begun end, and takes no others. */
  void drain() {
    draining = true;
    snapshot().forEach(ClientConnection::drain);
  }

  /**
   * Breaks off what has not ended, and waits for that: a loop that ends closes what is open as if
   * it were whole. Not for its own thread.
   */
  void finish(long millis) {
    try {
      var _ = events.submit(this::end).awaitUninterruptibly(millis);
    } catch (RejectedExecutionException e) {
      LOG.debug("event=loop-ended-before");
    }
  }

  private void end() {
    snapshot().forEach(ClientConnection::breakOff);
    pool.end();
    peers.values().forEach(SitePool::end);
  }

  private void tick() {
    now = System.nanoTime();
    for (ClientConnection client : snapshot()) {
      try {
        client.tick(now);
      } catch (RuntimeException e) {
        LOG.error("event=tick-failed", e);
        client.breakOff();
      }
    }
    pool.tick(now);
    peers.values().forEach(peer -> peer.tick(now));
  }

  /** Those of now: what is done to one may end another. */
  private List<ClientConnection> snapshot() {
    return new ArrayList<>(clients);
  }
}
