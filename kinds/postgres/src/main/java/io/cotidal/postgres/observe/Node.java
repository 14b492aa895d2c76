package io.cotidal.postgres.observe;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Login;
import io.cotidal.postgres.guard.Lifeline;
import io.cotidal.postgres.reach.Machine;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;

/**
 * One member within reach: its server, its machine, the sessions that are kept with it.
 * Thread-safe.
 */
public final class Node implements AutoCloseable {
  /** The database that Cotidal's sessions use. */
  public static final String DATABASE = "postgres";

  private final Server server;
  private final Machine machine;
  private final Places places;
  private final Login login;
  private final KeptSession watch;
  private final KeptSession work;
  private final KeptSession beat;
  private final Lifeline lifeline = new Lifeline();
  private final LogWatch log;
  private final SettingsWatch settings;
  private final DiskGauge disk;
  private final StallWatch stall;

  /** The member {@code server} of {@code spec}, on {@code machine}; nothing is touched yet. */
  public Node(PostgresSpec spec, Server server, Machine machine) {
    this.server = server;
    this.machine = machine;
    this.places = new Places(server.data(), server.bin());
    this.login =
        new Login(
            server.host(),
            server.port(),
            DATABASE,
            spec.access().superuser(),
            spec.access().password(),
            "cotidal");
    this.watch = new KeptSession(login);
    this.work = new KeptSession(login);
    this.beat = new KeptSession(login);
    this.log = new LogWatch(spec.practice().care(), places, login);
    this.settings = new SettingsWatch(spec, server, login);
    this.disk = new DiskGauge(spec.practice().care().disk());
    this.stall = new StallWatch(spec.failover());
  }

  /** Its name. */
  public MemberId id() {
    return server.id();
  }

  /** Its part of the spec. */
  public Server server() {
    return server;
  }

  /** The machine that it runs on, with its gate. */
  public Machine machine() {
    return machine;
  }

  /** Where its files lie there. */
  public Places places() {
    return places;
  }

  /** How to log in as the superuser. */
  public Login login() {
    return login;
  }

  /** The session for looks. */
  public KeptSession watch() {
    return watch;
  }

  /** The session for acts. */
  public KeptSession work() {
    return work;
  }

  /** The session for heartbeats. */
  public KeptSession beat() {
    return beat;
  }

  /** How looks keep its guard from acting. */
  public Lifeline lifeline() {
    return lifeline;
  }

  /** What it keeps of its log. */
  public LogWatch log() {
    return log;
  }

  /** What its parameters are. */
  public SettingsWatch settings() {
    return settings;
  }

  /** Has the next look ask anew for whatever is asked seldom: an act has changed something. */
  public void stale() {
    log.stale();
    settings.stale();
  }

  /** How much room it has left. */
  DiskGauge disk() {
    return disk;
  }

  /** For how long it has stood still. */
  StallWatch stall() {
    return stall;
  }

  /** Its data directory. */
  public Path data() {
    return places.data();
  }

  /** The file that makes a start a demoted one. */
  public Path signal() {
    return places.signal();
  }

  @Override
  public void close() {
    watch.close();
    work.close();
    beat.close();
    log.close();
    settings.close();
    machine.close();
  }
}
