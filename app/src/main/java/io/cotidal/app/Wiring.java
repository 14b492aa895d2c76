package io.cotidal.app;

import io.cotidal.app.config.Authentication;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.config.StorePlace;
import io.cotidal.app.directory.LdapSignIn;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.app.kinds.Replicas;
import io.cotidal.app.kinds.Wing;
import io.cotidal.app.postgres.ProgramSignIn;
import io.cotidal.app.reload.Notes;
import io.cotidal.app.reload.Records;
import io.cotidal.app.reload.Reload;
import io.cotidal.app.reload.Running;
import io.cotidal.engine.Store;
import io.cotidal.model.Actor;
import io.cotidal.model.Permission;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.runtime.Carriers;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Election;
import io.cotidal.runtime.FileLockElection;
import io.cotidal.runtime.LeaseElection;
import io.cotidal.runtime.SystemClock;
import io.cotidal.server.ApiServer;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.access.SignIn;
import io.cotidal.store.SqlStore;
import io.cotidal.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A daemon's object graph, built by hand from top to bottom: store, clock, election, kinds, server.
 * Thread-safe once started.
 */
public final class Wiring implements AutoCloseable {
  private static final Duration ONE_TIME = Duration.ofMinutes(10);

  private final SqlStore store;
  private final SystemClock clock;
  private final Carriers carriers;
  private final Daemon daemon;
  private final ApiServer server;
  private final List<Wing.Open> wings;
  private final Wing.Ground ground;
  private final Reload reload;
  private final Notes notes = new Notes();

  private Wiring(Order order, SqlStore store) {
    Configuration configuration = order.configuration();
    this.store = store;
    this.clock = new SystemClock();
    this.carriers = Carriers.watch(clock);
    Replicas replicas = new Replicas();
    Wing.Basis basis = new Wing.Basis(store.secrets(configuration.store().key()), replicas);
    this.wings = order.wings().stream().map(wing -> wing.open(configuration, basis)).toList();
    Records records = new Records(store, origin(order), InstantSource.system(), notes);
    this.daemon =
        new Daemon(
            new Daemon.Ground(
                clock, order.journal().apply(store), election(configuration), records),
            Kinds.actions(),
            wings.stream().flatMap(wing -> wing.resources().stream()).toList());
    replicas.runBy(daemon);
    this.reload =
        new Reload(configuration, new Reload.Ground(order.file(), daemon, records, running(order)));
    ControlPlane plane =
        configuration.company().acceptCommands() ? daemon : new ReadOnlyPlane(daemon);
    ServerOptions options =
        ServerOptions.of(order.version())
            .withOpenMetrics(configuration.anonymousMetrics())
            .with(people(configuration.of(Authentication.class)))
            .with(new HouseDoctor(configuration, daemon, wings, reload::checks))
            .with(reload)
            .with(wings.stream().flatMap(wing -> wing.intakes(plane).stream()).toList());
    this.server =
        new ApiServer(configuration.listen(), plane, store, InstantSource.system(), options);
    this.ground =
        new Wing.Ground(daemon, plane, clock, server.credentials(), options, server::mount);
  }

  private static SignIn people(Authentication authentication) {
    List<SignIn> people = new ArrayList<>();
    authentication.ldap().map(LdapSignIn::new).ifPresent(people::add);
    authentication
        .program()
        .map(program -> new ProgramSignIn(program, new LocalProcesses()))
        .ifPresent(people::add);
    return SignIn.anyOf(people);
  }

  private List<Running.Of> running(Order order) {
    List<Running.Of> running = new ArrayList<>();
    for (int i = 0; i < wings.size(); i++) {
      running.add(new Running.Of(order.wings().get(i).section().key(), wings.get(i)));
    }
    return running;
  }

  /** Which file on which machine, for one store may know many. */
  private static Records.Origin origin(Order order) {
    boolean alone = order.configuration().store() instanceof StorePlace.File;
    String host;
    try {
      host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      host = "this machine";
    }
    return new Records.Origin(host + ":" + order.file().place(), alone);
  }

  private Election election(Configuration configuration) {
    return switch (configuration.store()) {
      case StorePlace.File file -> new FileLockElection(file.lock(), clock);
      case StorePlace.Server server -> {
        Duration life = configuration.company().lease();
        yield new LeaseElection(
            store.lease(life).orElseThrow(), clock, life, () -> uri().toString());
      }
    };
  }

  private static SqlStore open(StorePlace place) throws IOException {
    return switch (place) {
      case StorePlace.File file -> SqlStore.open(file.path());
      case StorePlace.Server server -> {
        Files.createDirectories(
            server.folder(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        yield SqlStore.open(server.address(), server.password().orElse(null));
      }
    };
  }

  /**
   * Starts a daemon: it listens, looks at every member, and acts once it is elected. If nobody has
   * a token yet, one for an administrator is written beside the store.
   *
   * @param version of this build, for people
   * @throws StartFailure if the store cannot be used or the address not be listened on; nothing
   *     runs then
   */
  public static Wiring start(Configuration configuration, String version) throws StartFailure {
    return start(configuration, version, UnaryOperator.identity());
  }

  /**
   * The same, with the file in which the configuration is found again.
   *
   * @throws StartFailure as above
   */
  public static Wiring start(Configuration configuration, String version, Rereading file)
      throws StartFailure {
    return start(new Order(configuration, version, file, UnaryOperator.identity()));
  }

  /**
   * The same, with something between the daemon and its journal.
   *
   * @param journal what the daemon writes to, given the store
   */
  static Wiring start(Configuration configuration, String version, UnaryOperator<Store> journal)
      throws StartFailure {
    return start(new Order(configuration, version, Rereading.NONE, journal));
  }

  /**
   * What is to be started.
   *
   * @param file where the configuration is found again
   * @param journal what the daemon writes to, given the store
   * @param wings the kinds of which anything runs
   */
  record Order(
      Configuration configuration,
      String version,
      Rereading file,
      UnaryOperator<Store> journal,
      List<Wing> wings) {
    /** Of every kind. */
    Order(
        Configuration configuration, String version, Rereading file, UnaryOperator<Store> journal) {
      this(configuration, version, file, journal, Kinds.ALL);
    }

    /** Copies the list. */
    Order {
      wings = List.copyOf(wings);
    }
  }

  /** Starts what is ordered. */
  static Wiring start(Order order) throws StartFailure {
    Configuration configuration = order.configuration();
    twoCarriers();
    SqlStore store;
    try {
      store = open(configuration.store());
    } catch (StoreException | IOException e) {
      throw new StartFailure(line(e), e);
    }
    Wiring wiring;
    try {
      wiring = new Wiring(order, store);
    } catch (IllegalArgumentException e) {
      store.close();
      throw new StartFailure(line(e), e);
    }
    try {
      FirstToken.ensure(store, wiring.server.credentials(), tokenFile(configuration));
      wiring.server.start();
      wiring.notes.start(wiring.daemon);
      wiring.daemon.start();
      for (Wing.Open wing : wiring.wings) {
        wing.start(wiring.ground);
      }
      return wiring;
    } catch (IOException | RuntimeException e) {
      wiring.close();
      throw new StartFailure(line(e), e);
    }
  }

  /**
   * At least two: with one, a call that hangs would stop all until {@link Carriers} has seen it.
   */
  private static void twoCarriers() {
    String carriers = "jdk.virtualThreadScheduler.parallelism";
    if (System.getProperty(carriers) == null) {
      System.setProperty(
          carriers, Integer.toString(Math.max(2, Runtime.getRuntime().availableProcessors())));
    }
  }

  /** Where the first administrator's token is written, readable for its owner alone. */
  public static Path tokenFile(Configuration configuration) {
    return configuration.store().token();
  }

  private static String line(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }

  /** The running resources. */
  public ControlPlane control() {
    return daemon;
  }

  /** Takes up the daemon's own file again, on that one's word. */
  Runnable rereading(Actor actor) {
    return new Reread(reload, actor);
  }

  /** Where a browser on this host finds the page. */
  public URI uri() {
    return server.uri();
  }

  /** A link that signs one browser in, as an administrator, once within ten minutes. */
  public URI link() {
    return server.oneTimeLink(Permission.ADMIN, ONE_TIME);
  }

  /** Stops in order; ends within twelve seconds. The members run on. */
  @Override
  public void close() {
    server.shut();
    // Streams and requests end beside the acts, not after them.
    Thread farewell = Thread.ofVirtual().name("http farewell").start(server::close);
    notes.close();
    wings.forEach(Wing.Open::close);
    daemon.close();
    try {
      farewell.join(Duration.ofMillis(500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    carriers.close();
    clock.close();
  }
}
