package io.cotidal.lab;

import static org.awaitility.Awaitility.await;

import io.cotidal.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One PostgreSQL server without replicas, in a lab. */
final class TestServer {
  private final ServerRegistry registry;
  private final Path bin;
  private final Path data;
  private final String user = ServerUser.choose();
  private final Target target;
  private final Login login = new Login("postgres", new Secret("unused"), "postgres");

  TestServer(ServerRegistry registry, Path binaries) throws Exception {
    this.registry = registry;
    bin = binaries;
    Path folder = registry.folder("test-server");
    data = Files.createDirectory(folder.resolve("data"));
    if (!user.isEmpty()) {
      var lookup = data.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(data, lookup.lookupPrincipalByName(user));
    }
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    target = new Target("a", "127.0.0.1", registry.port());
    Process initdb =
        as("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "--no-sync");
    if (initdb.waitFor() != 0) {
      throw new IllegalStateException("initdb failed");
    }
  }

  void start() throws Exception {
    as(
        "postgres",
        "-D",
        data.toString(),
        "-p",
        Integer.toString(target.port()),
        "-c",
        "unix_socket_directories=",
        "-c",
        "listen_addresses=127.0.0.1");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Prober.primary(List.of(target), login).isPresent());
  }

  Target target() {
    return target;
  }

  Login login() {
    return login;
  }

  Path data() {
    return data;
  }

  ServerProcesses processes() {
    return new ServerProcesses(data);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + target.port() + "/postgres", "postgres", "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Process as(String program, String... arguments) throws Exception {
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
            .redirectOutput(ProcessBuilder.Redirect.DISCARD));
  }
}
