package io.cotidal.app.demo;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PgBouncerServer;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real cluster of three members and the daemon that runs it, in this JVM. Closing it stops the
 * daemon, kills the members and removes their folder.
 */
public final class Rig implements AutoCloseable {
  /** The resource that the daemon runs. */
  public static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);

  private static final Actor DEMO = new Actor("demo");

  private final Site site;
  private final ServerRegistry registry;
  private final DemoCluster cluster;
  private final Shown shown = new Shown(this::control);
  private final Patience patience;
  private ClusterSettings settings;
  private @Nullable PgBouncerServer bouncer;
  private Daemons.Running daemon;

  private Rig(
      Site site,
      ServerRegistry registry,
      DemoCluster cluster,
      Stop stop,
      ClusterSettings settings,
      Daemons.Running daemon) {
    this.site = site;
    this.registry = registry;
    this.cluster = cluster;
    this.patience = new Patience(shown, cluster.folder(), stop);
    this.settings = settings;
    this.daemon = daemon;
  }

  /**
   * Removes what dead demos left behind and starts the daemon; {@link #create} then makes the
   * cluster.
   *
   * @param fence {@code process} or {@code quorum}
   * @param stop what ends every wait early
   */
  public static Rig start(Site site, String fence, Stop stop) throws IOException, DemoProblem {
    return start(site, fence, stop, false);
  }

  /**
   * The same.
   *
   * @param far whether its members are reached over a real SSH server, which needs Debian's
   *     PostgreSQL 15
   */
  public static Rig start(Site site, String fence, Stop stop, boolean far)
      throws IOException, DemoProblem {
    site.check();
    ServerRegistry registry = ServerRegistry.open(site.state(), site.base());
    try {
      DemoCluster cluster = DemoCluster.in(registry, programs(far));
      int port = site.port() == 0 ? registry.port() : site.port();
      ClusterSettings settings = ClusterSettings.listening(port).fencedBy(fence);
      if (far) {
        settings = FarMembers.start(registry, cluster).all(settings);
      }
      cluster.configure(settings);
      return new Rig(
          site, registry, cluster, stop, settings, site.daemons().start(cluster.configuration()));
    } catch (IOException | DemoProblem | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private static Path programs(boolean far) throws IOException {
    if (!far) {
      return PostgresBinaries.bundled(CacheFolder.ofUser());
    }
    return PostgresBinaries.installed(15)
        .orElseThrow(
            () -> new IOException("PostgreSQL 15 is missing: apt-get install postgresql-15"));
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

  /** What the daemon shows of the cluster. */
  public Shown shown() {
    return shown;
  }

  /** What waits for the cluster. */
  public Patience patience() {
    return patience;
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
    reconfigure(settings.fencedBy(fence));
  }

  /**
   * Sees that the daemon leads a pgbouncer to the primary, by a restart if need be; the members run
   * on.
   *
   * @throws IOException if no pgbouncer can be run here
   */
  public PgBouncerServer throughPgBouncer() throws IOException, DemoProblem {
    PgBouncerServer running = bouncer;
    if (running == null) {
      running = PgBouncerServer.start(registry, cluster.login());
      bouncer = running;
    }
    reconfigure(settings.through(running.configuration(cluster.folder())));
    return running;
  }

  /** Sees that the daemon knows no proxy, by a restart if need be; the members run on. */
  public void throughNothing() throws IOException, DemoProblem {
    reconfigure(settings.through(""));
  }

  private void reconfigure(ClusterSettings wanted) throws IOException, DemoProblem {
    if (!settings.equals(wanted)) {
      withoutDaemon();
      settings = wanted;
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
    daemon = site.daemons().start(cluster.configuration());
  }

  /** Makes the cluster: an empty primary, two copies of it, and waits until it is whole. */
  public void create() throws DemoProblem, IOException {
    // Over SSH the first looks come before the sessions are open, and cannot tell.
    patience.await(
        Duration.ofSeconds(20),
        "the members do not tell that they are empty",
        view -> view.diagnosis().code().equals("not-created"));
    perform("create");
    patience.awaitWhole(Duration.ofMinutes(1));
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
    patience.await(
        Duration.ofMinutes(2),
        "the " + action + " has not ended",
        view -> shown.operation(id).filter(each -> each.state().ended()).isPresent());
    Operation ended = shown.operation(id).orElseThrow();
    if (ended.state() != OperationState.DONE) {
      throw patience.explained("the " + action + " failed", ended.note());
    }
  }

  private void awaitLeading() throws DemoProblem, IOException {
    patience.await(
        Duration.ofSeconds(20),
        "the daemon does not lead",
        view -> view.leading() && !view.diagnosis().code().equals("not-looked"));
  }

  @Override
  public void close() throws IOException {
    try {
      daemon.close();
    } finally {
      registry.close();
    }
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
}
