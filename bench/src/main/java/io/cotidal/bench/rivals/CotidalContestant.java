package io.cotidal.bench.rivals;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.Login;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerProcesses;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.Target;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The daemon over three members of this machine, set as its documents tell those who want neither a
 * second primary nor one that lives on: as it comes where commits wait for a replica, and else with
 * a guard.
 */
final class CotidalContestant implements Contestant {
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final String CONTROL = "127.0.0.2";
  private static final String REPLICATION = "127.0.0.3";

  /** The guard that docs/postgres.md recommends where commits wait for nobody. */
  private static final String GUARDED = "failover: {guard: 1500ms, ";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int STORY = 40;

  private final DemoCluster cluster;
  private final boolean waits;
  private final Map<String, FaultProxy> toControl = new LinkedHashMap<>();
  private final Map<String, FaultProxy> toReplicas = new LinkedHashMap<>();
  private final Daemons daemons = new DaemonsHere("bench");
  private ClusterSettings settings;
  private Optional<Daemons.Running> daemon = Optional.empty();

  private CotidalContestant(ServerRegistry registry, Path bin, boolean waits) throws IOException {
    this.cluster = DemoCluster.in(registry, bin);
    this.waits = waits;
    this.settings = ClusterSettings.listening(registry.port());
  }

  /**
   * Makes one.
   *
   * @param cuts whether a way is to be cut some time: then the daemon and the other members reach
   *     each member by addresses of their own
   */
  static CotidalContestant start(ServerRegistry registry, boolean waits, boolean cuts)
      throws IOException {
    Path bin =
        PostgresBinaries.installed(15)
            .orElseThrow(
                () -> new IOException("PostgreSQL 15 is missing: apt-get install postgresql-15"));
    CotidalContestant contestant = new CotidalContestant(registry, bin, waits);
    if (cuts) {
      contestant.standBetween();
    }
    contestant.configure();
    contestant.await(
        "the members do not tell that they are empty",
        () -> {
          ResourceView view = contestant.view();
          return view.leading() && view.diagnosis().code().equals("not-created");
        });
    contestant.perform("create");
    return contestant;
  }

  private void standBetween() throws IOException {
    for (Target member : cluster.members()) {
      toControl.put(member.member(), proxy(CONTROL, member.port()));
      toReplicas.put(member.member(), proxy(REPLICATION, member.port()));
      settings =
          settings.member(
              member.member(),
              "data: \"%s\", addresses: {control: %s, replication: %s}"
                  .formatted(cluster.data(member.member()), CONTROL, REPLICATION));
    }
  }

  private static FaultProxy proxy(String address, int port) throws IOException {
    return new FaultProxy(
        new InetSocketAddress(InetAddress.ofLiteral(address), port),
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
  }

  /** Writes the configuration and starts a daemon with it. */
  private void configure() throws IOException {
    daemon.ifPresent(Daemons.Running::close);
    daemon = Optional.empty();
    cluster.configure(settings);
    if (!waits) {
      Path file = cluster.configuration();
      String quorate = Files.readString(file);
      Files.writeString(
          file, quorate.replace("quorum: 1", "quorum: 0").replace("failover: {", GUARDED));
    }
    try {
      daemon = Optional.of(daemons.start(cluster.configuration()));
    } catch (DemoProblem e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Daemons.Running running() {
    return daemon.orElseThrow(() -> new IllegalStateException("no daemon runs"));
  }

  private ResourceView view() {
    return running().control().resource(ORDERS).orElseThrow();
  }

  @Override
  public List<Target> members() {
    return cluster.members();
  }

  @Override
  public Login login() {
    return cluster.login();
  }

  @Override
  public boolean whole() {
    ResourceView view = view();
    return view.leading()
        && view.inSync()
        && view.diagnosis().code().equals("healthy")
        && view.operations().stream().allMatch(each -> each.state().ended())
        && (waits || view.guarantee().startsWith("guarded: "))
        && health().whole(members().size(), waits);
  }

  /**
   * A machine that is gone cannot be asked to kill anything. Here it could: it is told apart by the
   * configuration, which leaves the proof to the quorum, or to the guard where commits wait for
   * nobody.
   */
  @Override
  public void prepare(Fault fault) throws IOException {
    String fence = fault.takesMachine() ? "quorum" : "process";
    if (!settings.fence().equals(fence)) {
      settings = settings.fencedBy(fence);
      configure();
    }
  }

  @Override
  public void strike(Fault fault, String primary) throws IOException {
    ServerProcesses servers = cluster.processes(primary);
    switch (fault) {
      case KILL_POSTMASTER -> RivalContestant.killPostmaster(servers.list());
      case NODE_DEAD -> servers.kill();
      case NODE_FROZEN, POSTGRES_FROZEN -> servers.freeze();
      case CUT_CONTROL -> cut(toControl, primary);
      case CUT_REPLICAS -> cut(toReplicas, primary);
      case SWITCHOVER -> perform("switchover");
    }
  }

  private static void cut(Map<String, FaultProxy> ways, String member) {
    FaultProxy way = ways.get(member);
    if (way == null) {
      throw new IllegalStateException("nothing stands on the ways of " + member);
    }
    for (FaultProxy.Way each : FaultProxy.Way.values()) {
      way.hold(each);
    }
  }

  @Override
  public void relieve(Fault fault, String primary) throws IOException {
    if (fault.freezes()) {
      cluster.processes(primary).thaw();
    }
    List<FaultProxy> ways = new ArrayList<>(toControl.values());
    ways.addAll(toReplicas.values());
    for (FaultProxy each : ways) {
      each.mend();
    }
  }

  @Override
  public boolean heals() {
    return true;
  }

  private void perform(String action) throws IOException {
    OperationId id = ask(action);
    await(
        "the " + action + " does not end",
        () -> operation(id).filter(each -> each.state().ended()).isPresent());
    Operation ended = operation(id).orElseThrow();
    if (ended.state() != OperationState.DONE) {
      throw new IOException("the " + action + " failed: " + ended.note());
    }
  }

  private OperationId ask(String action) throws IOException {
    try {
      Command command = new Command.Begin(new Actor("bench"), action, Details.NONE, null, false);
      Reply reply = running().control().command(ORDERS, command).get(10, TimeUnit.SECONDS);
      if (reply instanceof Reply.Accepted accepted) {
        return accepted.operation().id();
      }
      throw new IOException("the daemon did not take the " + action + ": " + reply);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the daemon does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended before it was done, as asked", e);
    }
  }

  private Optional<Operation> operation(OperationId id) {
    return running().control().operation(id);
  }

  private void await(String otherwise, BooleanSupplier condition) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IOException(otherwise + ": " + view().diagnosis().sentence());
      }
      Pause.of(LOOK);
    }
  }

  @Override
  public String story() {
    StringBuilder story = new StringBuilder(view().diagnosis().sentence()).append('\n');
    for (Store.LoggedEvent each : running().control().latest(ORDERS, Long.MAX_VALUE, STORY)) {
      story.append(each.event().micros()).append(' ').append(each.event().text()).append('\n');
    }
    return story.toString();
  }

  @Override
  public void close() throws IOException {
    daemon.ifPresent(Daemons.Running::close);
    for (Target member : members()) {
      cluster.processes(member.member()).kill();
    }
    List<FaultProxy> ways = new ArrayList<>(toControl.values());
    ways.addAll(toReplicas.values());
    for (FaultProxy each : ways) {
      each.close();
    }
  }
}
