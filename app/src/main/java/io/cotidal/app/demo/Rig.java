package io.cotidal.app.demo;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Reasons;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A real cluster of three members and the daemon that runs it, in this JVM. Closing it stops the
 * daemon, kills the members and removes their folder.
 */
public final class Rig implements AutoCloseable {
  /** The resource that the daemon runs. */
  public static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);

  private static final long ROOM = 600L * 1024 * 1024;
  private static final long LEAST = 2L * 1024 * 1024;
  private static final int STORY = 40;
  private static final Duration STEADY = Duration.ofMillis(300);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Actor DEMO = new Actor("demo");

  private final Place place;
  private final ServerRegistry registry;
  private final DemoCluster cluster;
  private final Stop stop;
  private ClusterSettings settings;
  private Daemons.Running daemon;

  private Rig(
      Place place,
      ServerRegistry registry,
      DemoCluster cluster,
      Stop stop,
      ClusterSettings settings,
      Daemons.Running daemon) {
    this.place = place;
    this.registry = registry;
    this.cluster = cluster;
    this.stop = stop;
    this.settings = settings;
    this.daemon = daemon;
  }

  /**
   * Where a rig works.
   *
   * @param daemons what starts its daemon
   * @param state where this user's demos are remembered
   * @param base where the folder is made
   * @param port of the page; 0 for any
   */
  public record Place(Daemons daemons, Path state, Path base, int port) {}

  /**
   * Removes what dead demos left behind and starts the daemon; {@link #create} then makes the
   * cluster.
   *
   * @param fence {@code process} or {@code quorum}
   * @param stop what ends every wait early
   */
  public static Rig start(Place place, String fence, Stop stop) throws IOException, DemoProblem {
    checkRoom(place.base());
    checkPort(place.port());
    ServerRegistry registry = ServerRegistry.open(place.state(), place.base());
    try {
      DemoCluster cluster =
          DemoCluster.in(registry, PostgresBinaries.bundled(CacheFolder.ofUser()));
      int port = place.port() == 0 ? registry.port() : place.port();
      ClusterSettings settings = ClusterSettings.listening(port).fencedBy(fence);
      cluster.configure(settings);
      return new Rig(
          place, registry, cluster, stop, settings, place.daemons().start(cluster.configuration()));
    } catch (IOException | DemoProblem | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /**
   * Where demos make their folders: {@code COT_DEMO_DIR}, else the system's folder for temporary
   * files.
   */
  public static Path base() {
    String chosen = System.getenv().getOrDefault("COT_DEMO_DIR", "");
    return Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
  }

  private static void checkRoom(Path base) throws IOException, DemoProblem {
    try {
      Files.createDirectories(base);
    } catch (IOException e) {
      throw new DemoProblem(
          "cannot make the folder %s (%s): name another one in COT_DEMO_DIR"
              .formatted(base, Reasons.of(e)),
          e);
    }
    long free = Files.getFileStore(base).getUsableSpace();
    if (free < ROOM) {
      throw new DemoProblem(
          "the disk of %s has %d MB free and three members need %d MB: free some, or name another folder in COT_DEMO_DIR"
              .formatted(base, free >> 20, ROOM >> 20));
    }
  }

  private static void checkPort(int port) throws DemoProblem {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new DemoProblem(
          "port %d of 127.0.0.1, where the page would be, is taken: end the program that listens there, or choose another with --port"
              .formatted(port),
          e);
    }
  }

  /** The members. */
  public DemoCluster cluster() {
    return cluster;
  }

  /** What an earlier demo had left behind. */
  public ServerRegistry.Swept swept() {
    return registry.swept();
  }

  /** The daemon's facade. */
  public ControlPlane control() {
    return daemon.control();
  }

  /** A link that signs in to the page once. */
  public String link() {
    return daemon.link().toString();
  }

  /** The page's address. */
  public String page() {
    return "http://127.0.0.1:" + settings.listen() + "/";
  }

  /** Sees that the daemon fences by {@code fence}, by a restart if need be; the members run on. */
  public void fenceBy(String fence) throws IOException, DemoProblem {
    if (!settings.fence().equals(fence)) {
      withoutDaemon();
      settings = settings.fencedBy(fence);
      cluster.configure(settings);
      withDaemon();
    }
  }

  /** Stops the daemon in order; the members run on. */
  void withoutDaemon() throws IOException {
    daemon.close();
  }

  /** Starts the daemon again. */
  void withDaemon() throws IOException, DemoProblem {
    daemon = place.daemons().start(cluster.configuration());
  }

  /** The cluster as the daemon shows it. */
  public ResourceView view() {
    return control().resource(ORDERS).orElseThrow();
  }

  /**
   * The member that takes writes, as the daemon knows; empty if there is none, or more than one.
   */
  public Optional<String> primary() {
    var writable = view().members().stream().filter(MemberView::writable).toList();
    return writable.size() == 1 ? Optional.of(writable.getFirst().id().name()) : Optional.empty();
  }

  /**
   * Waits until all members are in their places, replicas stream, nothing runs and nothing is
   * wanted, for a while.
   *
   * @throws DemoProblem if it takes longer than {@code limit}, or needs a person
   */
  public void awaitWhole(Duration limit) throws DemoProblem, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    long since = System.nanoTime();
    while (System.nanoTime() - since < STEADY.toNanos()) {
      String missing = missing(view());
      if (!missing.isEmpty()) {
        since = System.nanoTime();
        stopIfStuck();
        if (since > deadline) {
          throw new DemoProblem(
              "the cluster is not whole after %d s: %s".formatted(limit.toSeconds(), missing));
        }
      }
      pause(LOOK);
    }
  }

  /**
   * Waits.
   *
   * @throws DemoProblem if the end is asked for, or the disk fills up: then nothing will ever come
   */
  void pause(Duration pause) throws DemoProblem, IOException {
    stop.pause(pause);
    if (Files.getFileStore(cluster.folder()).getUsableSpace() < LEAST) {
      throw diskFull();
    }
  }

  /** Waits until {@code condition} holds for what the daemon shows. */
  public void await(Duration limit, String otherwise, Predicate<ResourceView> condition)
      throws DemoProblem, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.test(view())) {
      stopIfStuck();
      if (System.nanoTime() > deadline) {
        throw new DemoProblem(
            "%s after %d s; the daemon says: %s"
                .formatted(otherwise, limit.toSeconds(), view().diagnosis().sentence()));
      }
      pause(LOOK);
    }
  }

  /** Makes the cluster: an empty primary, two copies of it, and waits until it is whole. */
  public void create() throws DemoProblem, IOException {
    perform("create");
    awaitWhole(Duration.ofMinutes(1));
  }

  /** Lets the replica that is furthest become primary, and waits for the end. */
  public void switchover() throws DemoProblem, IOException {
    perform("switchover");
  }

  private void perform(String action) throws DemoProblem, IOException {
    awaitLeading();
    Reply reply = ask(new Command.Begin(DEMO, action, Details.NONE, null, false));
    if (!(reply instanceof Reply.Accepted accepted)) {
      throw new DemoProblem("the daemon did not take the " + action + ": " + reply);
    }
    OperationId id = accepted.operation().id();
    await(
        Duration.ofMinutes(2),
        "the " + action + " has not ended",
        view -> find(id).filter(each -> each.state().ended()).isPresent());
    Operation ended = find(id).orElseThrow();
    if (ended.state() != OperationState.DONE) {
      throw explained("the " + action + " failed", ended.note());
    }
  }

  private void awaitLeading() throws DemoProblem, IOException {
    await(
        Duration.ofSeconds(20),
        "the daemon does not lead",
        view -> view.leading() && !view.diagnosis().code().equals("not-looked"));
  }

  /** The newest operation of that type with a higher number than {@code after}, with its steps. */
  public Optional<Operation> newest(String type, long after) {
    return view().operations().stream()
        .filter(each -> each.type().equals(type) && each.number() > after)
        .findFirst()
        .flatMap(each -> find(each.id()));
  }

  /** The highest operation number so far; 0 if there was none. */
  public long lastNumber() {
    return view().operations().stream().mapToLong(Operation::number).max().orElse(0);
  }

  /** The latest events, oldest first, for a failure's report. */
  public List<String> story() {
    List<Store.LoggedEvent> all = control().events(ORDERS, 0, 100_000);
    return all.subList(Math.max(0, all.size() - STORY), all.size()).stream()
        .map(logged ->
            Instant.EPOCH.plus(logged.event().micros(), ChronoUnit.MICROS)
                + "  "
                + logged.event().text())
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      daemon.close();
    } finally {
      registry.close();
    }
  }

  /** What the cluster lacks to be whole; empty if nothing. */
  private static String missing(ResourceView view) {
    int replicas = view.members().size() - 1;
    long streaming = view.links().stream().filter(link -> link.state().equals("streaming")).count();
    String quorum = view.ledger().get("quorum", "");
    if (!view.leading()) {
      return "the daemon does not lead";
    }
    if (view.members().stream().filter(MemberView::writable).count() != 1) {
      return "not exactly one member takes writes";
    }
    if (streaming != replicas) {
      return "%d of %d replicas stream".formatted(streaming, replicas);
    }
    for (Operation each : view.operations()) {
      if (!each.state().ended()) {
        return "%s %s is %s %s".formatted(each.type(), each.id(), each.state(), each.note());
      }
    }
    if (!view.inSync()) {
      return "wanted: " + view.wanted().getFirst().reason();
    }
    return quorum.split(",").length == replicas ? "" : "only " + quorum + " are in the quorum list";
  }

  private Optional<Operation> find(OperationId id) {
    return control().operation(id);
  }

  private Reply ask(Command command) throws DemoProblem {
    try {
      return control().command(ORDERS, command).get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoProblem("the daemon does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoProblem("interrupted", e);
    }
  }

  /**
   * An operation that needs a person will not end by waiting; nobody sits at an unattended demo.
   */
  private void stopIfStuck() throws DemoProblem {
    for (Operation each : view().operations()) {
      if (each.state() == OperationState.ATTENTION) {
        throw explained("operation " + each.id() + " needs a person", each.note());
      }
    }
  }

  private DemoProblem explained(String what, String note) {
    return Reasons.diskFull(note) ? diskFull() : new DemoProblem(what + ": " + note);
  }

  private DemoProblem diskFull() {
    return new DemoProblem(
        "the disk of %s is full: free some, or name another folder in COT_DEMO_DIR"
            .formatted(cluster.folder().getParent()));
  }
}
