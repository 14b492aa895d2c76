package io.cotidal.bench;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.FeedMaster;
import io.cotidal.lab.GitRepo;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A master behind SSH, a database, a stand-in for GeoServer, and a daemon in this process with one
 * replica of it, which looks once a second.
 */
final class FeedsHouse implements AutoCloseable {
  static final String WORKSPACE = "sites";

  /** How often the daemon looks. */
  static final Duration POLL = Duration.ofSeconds(1);

  private static final ResourceId ID = new ResourceId("feeds", "parks");
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final String TEMPLATE = "layer_0000";

  private final FeedsGround ground;
  private final FeedMaster master;
  private final GeoServerStub geoserver;
  private final Path file;
  private Daemons.@Nullable Running daemon;
  private int number;

  private FeedsHouse(FeedsGround ground) throws IOException, SQLException {
    this.ground = ground;
    this.master = FeedMaster.start(ground.registry(), ground.postgis());
    this.geoserver = GeoServerStub.start(0);
    this.file = ground.folder().resolve("cotidal.yaml");
  }

  /** Opens one without a daemon yet. */
  static FeedsHouse open() throws BenchProblem, IOException, SQLException {
    Optional<String> missing =
        Stream.of(
                SshServer.missing(),
                GitRepo.missing(),
                io.cotidal.feeds.transfer.Transfer.missing())
            .flatMap(Optional::stream)
            .findFirst();
    if (missing.isPresent()) {
      throw new BenchProblem(missing.get());
    }
    FeedsGround ground = FeedsGround.open(List.of(FeedsGround.REPLICA, FeedsGround.RIVAL));
    try {
      FeedsHouse house = new FeedsHouse(ground);
      house.configure();
      return house;
    } catch (IOException | SQLException | RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  private void configure() throws IOException {
    Path folder = ground.folder();
    PostgisServer postgis = ground.postgis();
    secret(folder.resolve("password"), postgis.password().reveal());
    secret(folder.resolve("geoserver"), GeoServerStub.PASSWORD);
    master.write(
        "workspaces/" + WORKSPACE + ".json",
        """
        {"schema": "sites", "data_schema": "sites_data", "outdated_schema": "sites_outdated",
         "channel": "kmi", "sync_postgres_data": true, "sync_geoserver_data": true, "auth_level": 0,
         "action": "publish"}
        """);
    Files.writeString(
        file,
        """
        listen: 127.0.0.1:0
        store: sqlite:%1$s/cotidal.db
        feeds:
          %2$s:
            mode: manage
            repository: {git: %1$s/state, url: "%3$s", branch: main}
            channels: [%4$s]
            transfer: {cache: %1$s/cache, identity: %5$s, known-hosts: %6$s, port: %7$d}
            database:
              {host: 127.0.0.1, port: %8$d, name: %9$s, schema: publish, user: %10$s,
               password: {secret: "file:%1$s/password"}, bin: %11$s}
            geoserver:
              - {name: geoserver, url: "%12$s", user: %13$s, password: {secret: "file:%1$s/geoserver"}}
            poll: %14$ds
        """
            .formatted(
                folder,
                ID.name(),
                master.url(),
                FeedMaster.CHANNEL,
                master.ssh().identity(),
                master.knownHosts(),
                master.ssh().port(),
                postgis.port(),
                FeedsGround.REPLICA,
                PostgisServer.ADMINISTRATOR,
                PostgisServer.bin(),
                geoserver.url(),
                GeoServerStub.USER,
                POLL.toSeconds()));
  }

  private static void secret(Path file, String secret) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret);
  }

  FeedsGround ground() {
    return ground;
  }

  FeedMaster master() {
    return master;
  }

  GeoServerStub geoserver() {
    return geoserver;
  }

  /** The replica as the daemon has it. */
  FeedsSpec spec() throws BenchProblem {
    return switch (Kinds.reader(Map.of(), Map.of(), ground.folder()).read(file)) {
      case Loaded.Valid valid -> valid.configuration().of(Feeds.class).named().getFirst();
      case Loaded.Invalid invalid ->
          throw new BenchProblem("the configuration is refused: " + invalid.problems());
    };
  }

  /** The name of a layer; all have the same length. */
  static String layer(int index) {
    return "layer_%04d".formatted(index);
  }

  /**
   * Writes the jobs of so many layers, each with a table of its own; the next commit has them.
   *
   * @param word stands in every row
   */
  void publish(int layers, int rows, String word) throws IOException, SQLException {
    master.table(WORKSPACE, TEMPLATE, rows, word);
    Path first = master.dump(WORKSPACE, TEMPLATE);
    String bytes = Files.readString(first, StandardCharsets.ISO_8859_1);
    Files.delete(first);
    number++;
    for (int i = 1; i <= layers; i++) {
      String name = layer(i);
      Path dump = master.files().resolve("%s.%s.data.%d.db".formatted(WORKSPACE, name, number));
      // What the dump says of its table is not packed, and the name is as long.
      Files.writeString(dump, bytes.replace(TEMPLATE, name), StandardCharsets.ISO_8859_1);
      Files.setPosixFilePermissions(dump, PosixFilePermissions.fromString("rw-r--r--"));
      master.publish(WORKSPACE, name, dump, Map.of());
    }
  }

  /** Starts the daemon. */
  void start() throws BenchProblem {
    try {
      daemon = new DaemonsHere("bench").start(file);
    } catch (DemoProblem e) {
      throw new BenchProblem(e.sentence(), e);
    }
  }

  /** Stops the daemon. */
  void stop() {
    Daemons.Running running = daemon;
    daemon = null;
    if (running != null) {
      running.close();
    }
  }

  /** The replica as the daemon shows it. */
  ResourceView view() throws BenchProblem {
    return running().control().resource(ID).orElseThrow();
  }

  private Daemons.Running running() throws BenchProblem {
    Daemons.Running running = daemon;
    if (running == null) {
      throw new BenchProblem("the daemon does not run");
    }
    return running;
  }

  /** Waits until that revision is in force, nothing is wrong and nothing is being done. */
  void awaitSettled(String head) throws BenchProblem, IOException {
    try {
      Until.holds("the replica is healthy at " + head, PATIENCE, LOOK, () -> settled(head));
    } catch (BenchProblem e) {
      throw new BenchProblem(
          e.getMessage() + "; " + view().diagnosis().sentence() + "; " + view().wanted(), e);
    }
  }

  private boolean settled(String head) throws BenchProblem {
    ResourceView view = view();
    return view.diagnosis().code().equals("healthy")
        && view.diagnosis().sentence().contains(head)
        && view.inSync()
        && view.operations().stream().allMatch(each -> each.state().ended());
  }

  /** Microseconds from asking for an operation until it has ended well. */
  long operation(String type, Details input) throws BenchProblem, IOException {
    Command begin = new Command.Begin(new Actor("bench"), type, input, null, false);
    long begun = System.nanoTime();
    Operation operation = taken(begin);
    Until.holds(
        type + " ends",
        PATIENCE,
        Duration.ofMillis(1),
        () -> found(operation).map(each -> each.state().ended()).orElse(false));
    long micros = (System.nanoTime() - begun) / 1_000;
    Operation ended = found(operation).orElseThrow();
    if (ended.state() != OperationState.DONE) {
      throw new BenchProblem(type + " ended as " + ended.state() + ": " + ended.note());
    }
    return micros;
  }

  private Operation taken(Command begin) throws BenchProblem {
    try {
      Reply reply =
          running().control().command(ID, begin).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (reply instanceof Reply.Accepted accepted) {
        return accepted.operation();
      }
      throw new BenchProblem("it is not taken: " + reply);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchProblem("it is not answered: " + e, e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  private Optional<Operation> found(Operation operation) throws BenchProblem {
    return view().operations().stream()
        .filter(each -> each.number() == operation.number())
        .findFirst();
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      try {
        geoserver.close();
      } finally {
        ground.close();
      }
    }
  }
}
