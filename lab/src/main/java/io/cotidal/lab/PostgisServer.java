package io.cotidal.lab;

import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real PostgreSQL 15 of Debian's packages with PostGIS, on loopback, with a password. It can be a
 * master that tables are dumped from, and a replica that they are published in.
 */
public final class PostgisServer {
  /** The administrator. */
  public static final String ADMINISTRATOR = "postgres";

  /** What databases with PostGIS are copies of: to make the extension takes longer than a copy. */
  private static final String EXTENDED = "extended";

  private static final int MAJOR = 15;
  private static final Path EXTENSION =
      Path.of("/usr/share/postgresql/" + MAJOR + "/extension/postgis.control");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ServerRegistry registry;
  private final Path folder;
  private final String user;
  private final int port;
  private final Secret password = new Secret("postgis-password-of-the-lab");
  private boolean extended;

  private PostgisServer(ServerRegistry registry) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("postgis");
    this.user = ServerUser.choose();
    this.port = registry.port();
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return PostgresBinaries.installed(MAJOR).isPresent() && Files.exists(EXTENSION)
        ? Optional.empty()
        : Optional.of("PostGIS is not installed: apt-get install postgresql-15-postgis-3");
  }

  /** Makes one in a folder of the lab and starts it. It ends with the lab. */
  public static PostgisServer start(ServerRegistry registry) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    PostgisServer server = new PostgisServer(registry);
    server.make();
    server.again();
    return server;
  }

  /** Folder of its programs, {@code pg_dump} and {@code pg_restore} among them. */
  public static Path bin() {
    return PostgresBinaries.installed(MAJOR).orElseThrow();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void make() throws IOException {
    Path secret = Files.writeString(folder.resolve("password"), password.reveal());
    Files.createDirectory(data());
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    for (Path each : List.of(secret, data())) {
      if (!user.isEmpty()) {
        var lookup = each.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(each, lookup.lookupPrincipalByName(user));
      }
    }
    Process made =
        run(
            List.of(
                "initdb",
                "-D",
                data().toString(),
                "-U",
                ADMINISTRATOR,
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--pwfile=" + secret,
                "--no-sync"));
    try {
      if (!made.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
        throw new IOException("initdb failed; see " + folder.resolve("log"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while initdb ran", e);
    }
  }

  /** Starts it, and waits until it answers. */
  public void again() throws IOException {
    List<String> line = new ArrayList<>(List.of("postgres", "-D", data().toString()));
    line.addAll(List.of("-p", Integer.toString(port)));
    for (String setting :
        List.of(
            "unix_socket_directories=",
            "listen_addresses=127.0.0.1",
            "shared_buffers=128MB",
            "max_connections=100",
            "max_wal_size=1GB")) {
      line.addAll(List.of("-c", setting));
    }
    Process server = run(line);
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (System.nanoTime() > patience || !server.isAlive()) {
        throw new IOException("the PostGIS server does not answer; see " + folder.resolve("log"));
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean answers() {
    try (Connection connection = connect(ADMINISTRATOR)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      // Not yet.
      return false;
    }
  }

  private Process run(List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      line.addAll(List.of("setpriv", "--reuid=" + user, "--regid=nogroup", "--clear-groups", "--"));
    }
    line.add(bin().resolve(arguments.getFirst()).toString());
    line.addAll(arguments.subList(1, arguments.size()));
    return registry.start(
        new ProcessBuilder(line)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())));
  }

  /** All that it has written to its log. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The administrator's password. */
  public Secret password() {
    return password;
  }

  /** Its processes: to be killed, frozen, thawed. */
  public ServerProcesses processes() {
    return new ServerProcesses(data());
  }

  /**
   * Makes a database.
   *
   * @param postgis whether it has PostGIS
   */
  public synchronized void createDatabase(String database, boolean postgis) throws SQLException {
    if (!postgis) {
      execute(ADMINISTRATOR, "CREATE DATABASE " + database);
      return;
    }
    if (!extended) {
      execute(ADMINISTRATOR, "CREATE DATABASE " + EXTENDED);
      execute(EXTENDED, "CREATE EXTENSION postgis");
      extended = true;
    }
    execute(ADMINISTRATOR, "CREATE DATABASE " + database + " TEMPLATE " + EXTENDED);
  }

  /** Runs statements as the administrator. */
  public void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A connection as the administrator; the caller's to close. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", ADMINISTRATOR);
    properties.setProperty("password", password.reveal());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  /**
   * Dumps a table as the master does, in the custom format.
   *
   * @param table its schema and name, each quoted if it must be
   * @param file is made
   */
  public void dump(String database, String table, Path file) throws IOException {
    dump(database, List.of("-F", "c", "-Z", "1", "-O", "-t", table), file);
  }

  /** Dumps whatever {@code options} of {@code pg_dump} choose. */
  public void dump(String database, List<String> options, Path file) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(bin().resolve("pg_dump").toString());
    line.addAll(List.of("-b", "-E", "utf-8", "-w", "-f", file.toString()));
    line.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", ADMINISTRATOR));
    line.addAll(options);
    line.add(database);
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    Path log = Files.createTempFile("cotidal-dump", ".log");
    builder.directory(Path.of("/").toFile()).redirectOutput(log.toFile());
    builder.environment().put("PGPASSWORD", password.reveal());
    try {
      Process process = registry.start(builder);
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("pg_dump failed: " + Files.readString(log).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pg_dump ran", e);
    } finally {
      Files.delete(log);
    }
  }
}
