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
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL server for daemons' own store: on loopback, with a password, a role {@code cotidal}
 * without rights, and a database of the same name that it owns.
 */
public final class StoreServer {
  /** The role that owns the database, and the database. */
  public static final String NAME = "cotidal";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ServerRegistry registry;
  private final Path bin;
  private final Path folder;
  private final String user;
  private final int port;
  private final Secret password = new Secret("store-password-of-the-lab");

  private StoreServer(ServerRegistry registry, Path bin) throws IOException {
    this.registry = registry;
    this.bin = bin;
    this.folder = registry.folder("store-server");
    this.user = ServerUser.choose();
    this.port = registry.port();
  }

  /** Makes one in a folder of the lab and starts it. It ends with the lab. */
  public static StoreServer start(ServerRegistry registry, Path bin)
      throws IOException, SQLException {
    StoreServer server = new StoreServer(registry, bin);
    server.make();
    server.again();
    server.execute("CREATE ROLE " + NAME + " LOGIN PASSWORD '" + server.password.reveal() + "'");
    server.createDatabase(NAME);
    return server;
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void make() throws IOException {
    Path secret = Files.writeString(folder.resolve("password"), password.reveal());
    Files.createDirectory(data());
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
    for (Path each : List.of(secret, data())) {
      if (!user.isEmpty()) {
        var lookup = each.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(each, lookup.lookupPrincipalByName(user));
      }
    }
    Process made =
        run(
            "initdb",
            "-D",
            data().toString(),
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "--pwfile=" + secret,
            "--no-sync");
    try {
      if (!made.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
        throw new IOException("initdb failed; see " + folder.resolve("log"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while initdb ran", e);
    }
  }

  /**
   * Starts it, and waits until it answers. One that was killed leaves processes for a moment that
   * hold its shared memory, and until they are gone none begins in its place.
   */
  public void again() throws IOException {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    Process server = begun();
    while (!answers()) {
      if (System.nanoTime() > patience) {
        throw new IOException("the store's server does not answer; see " + folder.resolve("log"));
      }
      LockSupport.parkNanos(LOOK.toNanos());
      if (!server.isAlive()) {
        server = begun();
      }
    }
  }

  private Process begun() throws IOException {
    return run(
        "postgres",
        "-D",
        data().toString(),
        "-p",
        Integer.toString(port),
        "-c",
        "unix_socket_directories=",
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "shared_buffers=32MB",
        "-c",
        "max_wal_size=128MB");
  }

  private boolean answers() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      // Not yet.
      return false;
    }
  }

  private Process run(String program, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      line.addAll(List.of("setpriv", "--reuid=" + user, "--regid=nogroup", "--clear-groups", "--"));
    }
    line.add(bin.resolve(program).toString());
    line.addAll(List.of(arguments));
    return registry.start(
        new ProcessBuilder(line)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())));
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The password of every role. */
  public Secret password() {
    return password;
  }

  /** Its processes: to be killed, frozen, thawed. */
  public ServerProcesses processes() {
    return new ServerProcesses(data());
  }

  /** Makes a database that {@link #NAME} owns. */
  public void createDatabase(String database) throws SQLException {
    execute("CREATE DATABASE " + database + " OWNER " + NAME);
  }

  /** Runs a statement as the administrator, in the database {@code postgres}. */
  public void execute(String sql) throws SQLException {
    execute("postgres", sql);
  }

  /** Runs a statement as the administrator. */
  public void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", password.reveal());
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "10");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }
}
