package io.cotidal.app.feeds;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.FeedMaster;
import io.cotidal.lab.GitRepo;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.geoserver.GeoServerStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** A master, and what one replica of it needs: a database, a GeoServer, a folder. */
final class FeedsLab implements AutoCloseable {
  static final String REPLICA = "parks";

  /** The replica's database. */
  static final String DATABASE = "replica";

  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  final ServerRegistry registry;
  final Path folder;
  final PostgisServer postgis;
  final FeedMaster master;
  final GeoServerStub geoserver;
  final int port;
  private final Lock writes = new ReentrantLock();

  private FeedsLab(ServerRegistry registry) throws IOException, SQLException {
    this.registry = registry;
    this.folder = registry.folder("feeds");
    this.postgis = PostgisServer.start(registry);
    this.master = FeedMaster.start(registry, postgis);
    this.geoserver = GeoServerStub.start(registry.port());
    this.port = registry.port();
    postgis.createDatabase(DATABASE, true);
    Path password = Files.writeString(folder.resolve("password"), postgis.password().reveal());
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    Path shown = Files.writeString(folder.resolve("geoserver"), GeoServerStub.PASSWORD);
    Files.setPosixFilePermissions(shown, PosixFilePermissions.fromString("rw-------"));
  }

  /** Skips the test loudly where something is missing, unless servers are required. */
  static FeedsLab open() throws IOException, SQLException {
    String missing =
        Stream.of(
                PostgisServer.missing(),
                SshServer.missing(),
                GitRepo.missing(),
                io.cotidal.feeds.transfer.Transfer.missing())
            .flatMap(Optional::stream)
            .findFirst()
            .orElse("");
    if (!missing.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing);
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no replica proven: " + missing);
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    try {
      return new FeedsLab(registry);
    } catch (IOException | SQLException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  Path file() {
    return folder.resolve("cotidal.yaml");
  }

  /**
   * The configuration of a daemon with the replica.
   *
   * @param more further keys of the replica, as YAML
   */
  Configuration configure(String more) throws IOException {
    return configure(List.of(replica(REPLICA, Map.of("more", more))));
  }

  /** The configuration of a daemon with these replicas, as {@link #replica} writes them. */
  Configuration configure(List<String> replicas) throws IOException {
    Files.writeString(
        file(),
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        feeds:
        %s\
        """
            .formatted(port, folder.resolve("cotidal.db"), String.join("", replicas).indent(2)));
    Loaded loaded = reader().read(file());
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  private ConfigurationReader reader() {
    return Kinds.reader(Map.of(), Map.of(), folder);
  }

  /** The file, for a daemon that takes up what is changed in it. */
  Rereading rereading() {
    return reader().again(file());
  }

  /**
   * A replica as the configuration names it.
   *
   * @param different what is not as usual: {@code mode}, {@code channels}, {@code cache}, {@code
   *     port} of transfers, further keys of a {@code transfer}, {@code database}, {@code geoserver}
   *     and {@code more} keys of its own
   */
  String replica(String name, Map<String, String> different) {
    String usual = folder + "/" + (name.equals(REPLICA) ? "" : name + "-");
    String transfer = different.getOrDefault("transfer", "");
    return """
    %s:
      mode: %s
      repository: {git: %sstate, url: "%s", branch: main}
      channels: [%s]
      transfer: {cache: %s, identity: %s, known-hosts: %s, port: %s%s}
      database:
        {host: 127.0.0.1, port: %d, name: %s, schema: publish, user: postgres,
         password: {secret: "file:%s"}, bin: %s}
      geoserver:
        - {name: geoserver, url: "%s", user: %s, password: {secret: "file:%s"}}
      poll: 1s
    %s\
    """
        .formatted(
            name,
            different.getOrDefault("mode", "manage"),
            usual,
            master.url(),
            different.getOrDefault("channels", FeedMaster.CHANNEL),
            different.getOrDefault("cache", usual + "cache"),
            master.ssh().identity(),
            master.knownHosts(),
            different.getOrDefault("port", Integer.toString(master.ssh().port())),
            transfer.isEmpty() ? "" : ", " + transfer,
            postgis.port(),
            different.getOrDefault("database", DATABASE),
            folder.resolve("password"),
            PostgisServer.bin(),
            different.getOrDefault("geoserver", geoserver.url()),
            GeoServerStub.USER,
            folder.resolve("geoserver"),
            different.getOrDefault("more", "").indent(2));
  }

  /** What a master writes before it commits. */
  @FunctionalInterface
  interface Writing {
    void write() throws Exception;
  }

  /**
   * Lets the master write and commit. Others who do so wait meanwhile: nobody commits the half of
   * what somebody else writes.
   */
  String commit(String message, Writing writing) throws Exception {
    writes.lock();
    try {
      writing.write();
      return master.commit(message);
    } finally {
      writes.unlock();
    }
  }

  /** The same, by a clock that shows {@code when}. */
  String commit(String message, Instant when, Writing writing) throws Exception {
    writes.lock();
    try {
      writing.write();
      return master.commit(message, when);
    } finally {
      writes.unlock();
    }
  }

  /** Makes a table at the master and its job; the next commit has it. */
  void publish(String workspace, String name, int rows, String word)
      throws IOException, SQLException {
    master.table(workspace, name, rows, word);
    master.publish(workspace, name, master.dump(workspace, name), Map.of());
  }

  /** The one value that a statement gives in the replica's database. */
  String value(String sql) throws SQLException {
    return value(DATABASE, sql);
  }

  /** The same in a database. */
  String value(String database, String sql) throws SQLException {
    try (Connection connection = postgis.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** The same; the reason if the database refuses. */
  String attempt(String sql) {
    try {
      return value(sql);
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  /** The words in the rows of a published table, and how many there are. */
  String rows(String view) {
    return attempt("SELECT string_agg(DISTINCT category, ',') || ' ' || count(*) FROM " + view);
  }

  /** Gives a folder with all that is in it to the account of the master's SSH server. */
  void give(Path folder) throws IOException, InterruptedException {
    String account = master.ssh().account();
    if (!account.isEmpty()) {
      Process chown =
          registry.start(new ProcessBuilder("/usr/bin/chown", "-R", account, folder.toString()));
      if (chown.waitFor() != 0) {
        throw new IOException("cannot give " + folder + " to " + account);
      }
    }
  }

  /** Tables of a schema. */
  List<String> tables(String schema) throws SQLException {
    return List.of(
        value(
                "SELECT coalesce(string_agg(tablename, ' ' ORDER BY tablename), '') FROM pg_tables "
                    + "WHERE schemaname = '"
                    + schema
                    + "'")
            .split(" "));
  }

  @Override
  public void close() throws IOException {
    try {
      geoserver.close();
    } finally {
      registry.close();
    }
  }
}
