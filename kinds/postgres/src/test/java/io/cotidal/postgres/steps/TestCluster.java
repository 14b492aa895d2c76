package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.Ports;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Three members in a temporary folder, driven by hand. Closing it ends their processes and removes
 * the folder.
 */
final class TestCluster implements AutoCloseable {
  static final MemberId A = new MemberId("a");
  static final MemberId B = new MemberId("b");
  static final MemberId C = new MemberId("c");
  static final String PASSWORD = "canary-super-1f0e";
  static final String REPLICATION_PASSWORD = "canary:repl\\'-77ab";

  /** How long the statement of a test may take, on a busy machine too. */
  static final Duration QUERY = Duration.ofSeconds(20);

  private static final Duration LONG = Duration.ofSeconds(40);

  final Path base;
  final PostgresSpec spec;
  final LocalProcesses processes = new LocalProcesses();
  private final Ports ports = Ports.ofUser();
  final PostgresDriver driver;
  Stamp stamp = new Stamp(1, 1);

  TestCluster(Path bin) throws IOException {
    this(bin, PASSWORD);
  }

  TestCluster(Path bin, String password) throws IOException {
    this(bin, password, (name, places) -> new Reach.Local());
  }

  /** How the member of that name, with its files there, is reached. */
  @FunctionalInterface
  interface Reaching {
    Reach reach(String name, Places places) throws IOException;
  }

  /** Members that are reached as {@code reaching} says. */
  TestCluster(Path bin, String password, Reaching reaching) throws IOException {
    this(bin, password, reaching, practice -> practice);
  }

  /** The same, done otherwise. */
  TestCluster(Path bin, String password, Reaching reaching, UnaryOperator<Practice> practice)
      throws IOException {
    this(bin, Files.createTempDirectory("cotidal-it"), password, reaching, practice);
  }

  /** Members of this machine in a folder of {@code home}. */
  static TestCluster in(Path home, Path bin) throws IOException {
    return new TestCluster(
        bin,
        Files.createTempDirectory(home, "it"),
        PASSWORD,
        (name, places) -> new Reach.Local(),
        practice -> practice);
  }

  private TestCluster(
      Path bin, Path home, String password, Reaching reaching, UnaryOperator<Practice> practice)
      throws IOException {
    base = home;
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    String user = processes.root() ? "nobody" : "";
    List<Server> servers = new ArrayList<>();
    for (MemberId id : List.of(A, B, C)) {
      Path data = base.resolve(id.name()).resolve("data");
      Reach reach = reaching.reach(id + "@orders", new Places(data, bin));
      String runs = reach instanceof Reach.Local ? user : "";
      servers.add(new Server(id, Addresses.all("127.0.0.1"), ports.next(), data, bin, runs, reach));
    }
    for (Server server : servers) {
      Path folder = Files.createDirectories(server.data().resolve("..").normalize());
      if (server.reach() instanceof Reach.Ssh ssh) {
        OsUser account = processes.user(ssh.access().user()).orElse(null);
        if (account != null) {
          account.own(folder);
        }
      }
    }
    spec =
        new PostgresSpec(
            ResourceId.parse("postgres/orders"),
            Mode.MANAGE,
            servers,
            1,
            Failover.DEFAULT,
            new Access(
                "postgres", new Secret(password), "replicator", new Secret(REPLICATION_PASSWORD)),
            new TreeMap<>(java.util.Map.of("max_connections", "30", "shared_buffers", "16MB")),
            practice.apply(Practice.PLAIN));
    driver = new PostgresDriver(spec, processes);
  }

  /** The programs that Maven Central brings. */
  static Path bundled() throws IOException {
    return PostgresBinaries.bundled(
        Path.of(System.getProperty("java.io.tmpdir"), "cotidal-binaries"));
  }

  /**
   * A made, started and promoted with b and c to confirm; b and c cloned, started and streaming.
   */
  TestCluster up() throws IOException {
    try {
      first();
      replica(B);
      replica(C);
      return this;
    } catch (AssertionError e) {
      // Nobody has it yet who could close it.
      close();
      throw e;
    }
  }

  /** A made, started and promoted without a quorum. */
  TestCluster first() {
    done(step(Acts.INIT, A));
    done(step(Acts.START, A));
    done(step(Acts.PROMOTE, A).with(Acts.QUORUM, "").with(Acts.K, 0));
    return this;
  }

  void replica(MemberId member) {
    done(step(Acts.CLONE, member).with(Acts.FROM, "a"));
    done(step(Acts.START, member).with(Acts.UPSTREAM, "a").with(Acts.STREAM, true));
  }

  Step step(String act, MemberId member) {
    return Step.act(act, member, act).within(LONG);
  }

  Details done(Step step) {
    Outcome outcome = act(step);
    assertThat(outcome).as(step.key()).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  String failed(Step step) {
    Outcome outcome = act(step);
    assertThat(outcome).as(step.key()).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  Outcome act(Step step) {
    return driver.act(step, stamp, progress -> {});
  }

  Inspection inspect(Step step) {
    return driver.inspect(step, stamp);
  }

  Observation<PgFacts> look(MemberId member) {
    return driver.observe(member, Duration.ofSeconds(2));
  }

  PgFacts facts(MemberId member) {
    Observation<PgFacts> seen = look(member);
    assertThat(seen).isInstanceOf(Observation.Seen.class);
    return ((Observation.Seen<PgFacts>) seen).facts();
  }

  Server server(MemberId member) {
    return spec.server(member).orElseThrow();
  }

  PgSession session(MemberId member) throws PgException {
    return PgSession.open(login(member), QUERY);
  }

  Login login(MemberId member) {
    return new Login(
        "127.0.0.1",
        server(member).port(),
        "postgres",
        "postgres",
        spec.access().password(),
        "test");
  }

  ProcessId postmaster(MemberId member) throws IOException {
    long pid =
        Long.parseLong(
            Files.readAllLines(server(member).data().resolve("postmaster.pid")).getFirst());
    return processes.table().find(pid).map(ProcessTable.Entry::id).orElseThrow();
  }

  List<ProcessId> all(MemberId member) throws IOException {
    return processes.table().working(server(member).data(), "postgres");
  }

  void signal(MemberId member, Signal signal) throws IOException {
    for (ProcessId process : all(member)) {
      signal.send(process);
    }
  }

  Path gate(MemberId member) {
    return server(member).data().resolveSibling("data.gate");
  }

  String log(MemberId member) throws IOException {
    return Files.readString(server(member).data().resolveSibling("data.log"));
  }

  void own(Path file) throws IOException {
    OsUser owner = processes.user(server(A).user()).orElse(null);
    if (owner != null) {
      owner.own(file);
    }
  }

  @Override
  public void close() throws IOException {
    driver.close();
    end();
    ports.close();
  }

  /** Ends what runs, and removes the folder. */
  private void end() throws IOException {
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));
    for (Server server : spec.servers()) {
      List<ProcessId> left = processes.table().working(server.data(), "postgres");
      while (!left.isEmpty() && !deadline.over()) {
        for (ProcessId process : left) {
          Signal.KILL.send(process);
        }
        try {
          deadline.pause(Duration.ofMillis(5));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        left = processes.table().working(server.data(), "postgres");
      }
    }
    io.cotidal.remote.Durable.empty(base);
    Files.delete(base);
  }
}
