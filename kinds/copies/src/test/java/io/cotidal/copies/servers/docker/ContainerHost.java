package io.cotidal.copies.servers.docker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.lab.DockerDaemon;
import io.cotidal.lab.DockerImages;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A lab with a Docker daemon, images, and data folders as an import leaves them. */
final class ContainerHost implements AutoCloseable {
  static final String OWNER = "/volume";
  static final String ADMINISTRATOR = "administrators-9a7c";
  private static final int UID = 64017;

  final ServerRegistry registry;
  final DockerDaemon daemon;
  final DockerImages images;
  private final Path folder;

  private ContainerHost(ServerRegistry registry) throws IOException {
    this.registry = registry;
    daemon = DockerDaemon.start(registry);
    images = new DockerImages(registry, daemon);
    folder = registry.folder("volume");
  }

  /** Skips the test loudly where Docker cannot be run, unless servers are required. */
  static ContainerHost open() throws IOException {
    Optional<String> missing = DockerImages.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.get());
    ServerRegistry registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of("/tmp/cotidal-docker-tests"));
    try {
      return new ContainerHost(registry);
    } catch (IOException e) {
      registry.close();
      throw e;
    }
  }

  DockerRuntime runtime(String image) {
    return runtime(image, OWNER);
  }

  DockerRuntime runtime(String image, String owner) {
    return new DockerRuntime(
        new DockerSettings(daemon.socket(), new ImageName(image), owner, Duration.ofSeconds(10)),
        new SecureRandom());
  }

  /** A place with a data folder of MariaDB, as {@code mariadb-install-db} makes it. */
  Place mariadb(String id) throws Exception {
    Place place = place(id);
    as(
        Integer.toString(UID),
        null,
        "/usr/bin/mariadb-install-db",
        "--no-defaults",
        "--datadir=" + place.data(),
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve");
    Path sql = folder.resolve(id + ".sql");
    Files.writeString(
        sql,
        "CREATE DATABASE shop;\nCREATE TABLE shop.t (a INT PRIMARY KEY) ENGINE=InnoDB;\nINSERT INTO shop.t VALUES (42);\nFLUSH PRIVILEGES;\n"
            + "CREATE USER cot@'%' IDENTIFIED BY '"
            + ADMINISTRATOR
            + "';\nGRANT ALL ON *.* TO cot@'%';\n");
    as(
        Integer.toString(UID),
        sql,
        "/usr/sbin/mariadbd",
        "--no-defaults",
        "--bootstrap",
        "--datadir=" + place.data(),
        "--tmpdir=" + place.run());
    return place;
  }

  /** A place with a data folder of PostgreSQL 15. */
  Place postgres(String id) throws Exception {
    Place place = place(id);
    // initdb wants an account with a name, the server does not.
    Path word = folder.resolve(id + ".word");
    Files.writeString(word, ADMINISTRATOR + "\n");
    command(null, List.of("chown", "postgres", word.toString(), place.data().toString()));
    as(
        "postgres",
        null,
        "/usr/lib/postgresql/15/bin/initdb",
        "-D",
        place.data().toString(),
        "-U",
        "cot",
        "--auth=scram-sha-256",
        "--pwfile=" + word,
        "--no-sync",
        "--locale=C",
        "--encoding=UTF8");
    Files.delete(word);
    command(null, List.of("chown", "-R", UID + ":" + UID, place.data().toString()));
    return place;
  }

  Place place(String id) throws Exception {
    Path own = Files.createDirectory(folder.resolve(id));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx--x--x"));
    Path data = Files.createDirectory(own.resolve("data"));
    Path run = Files.createDirectory(own.resolve("run"));
    Place place = new Place(id, data, run, UID, "127.0.0.1", registry.port(), 32);
    command(
        null,
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=" + id,
            "-keyout",
            place.key().toString(),
            "-out",
            place.certificate().toString()));
    for (Path path : List.of(data, run, place.key(), place.certificate())) {
      own(path);
    }
    for (Path path : List.of(data, run)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
    Files.setPosixFilePermissions(place.key(), PosixFilePermissions.fromString("rw-------"));
    return place;
  }

  /** As the engine of MariaDB says it for this host. */
  static Program mariadbServer(Place place) {
    return Program.of(
        "",
        List.of(
            "/usr/sbin/mariadbd",
            "--no-defaults",
            "--basedir=/usr/where-the-host-has-it",
            "--datadir=" + place.data(),
            "--socket=" + place.run().resolve("server.sock"),
            "--pid-file=" + place.run().resolve("server.pid"),
            "--bind-address=" + place.host(),
            "--port=" + place.port(),
            "--skip-name-resolve",
            "--skip-log-bin",
            "--ssl-cert=" + place.certificate(),
            "--ssl-key=" + place.key(),
            "--require-secure-transport=ON",
            "--innodb-buffer-pool-size=" + place.memoryMegabytes() + "M"));
  }

  static Program postgresServer(Place place) {
    return Program.of(
        "",
        List.of(
            "/usr/lib/postgresql/15/bin/postgres",
            "-D",
            place.data().toString(),
            "-c",
            "listen_addresses=" + place.host(),
            "-c",
            "port=" + place.port(),
            "-c",
            "unix_socket_directories=" + place.run(),
            "-c",
            "ssl=on",
            "-c",
            "ssl_cert_file=" + place.certificate(),
            "-c",
            "ssl_key_file=" + place.key()));
  }

  static Details labels() {
    return Details.of("provider", "mysql")
        .with("template", "shop")
        .with("instance", "ci")
        .with("username", "app")
        .with("operation", "17");
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  /** The first answer to that question, once the server answers; fails as soon as it has ended. */
  static String ask(DockerRuntime runtime, Place place, String url, String sql) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(problem -> problem instanceof SQLException)
        .until(
            () -> {
              if (runtime.standing(place) == Standing.GONE) {
                throw new AssertionError("ended: " + runtime.lastWords(place));
              }
              return answer(url, sql);
            },
            answer -> !answer.isEmpty());
  }

  static String answer(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "cot", ADMINISTRATOR);
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  static String mariadbUrl(Place place) {
    return "jdbc:mariadb://127.0.0.1:"
        + place.port()
        + "/shop?connectTimeout=2000&socketTimeout=5000&sslMode=verify-ca&serverSslCert="
        + place.certificate();
  }

  static String postgresUrl(Place place) {
    return "jdbc:postgresql://127.0.0.1:"
        + place.port()
        + "/postgres?connectTimeout=2&socketTimeout=5&sslmode=verify-ca&sslrootcert="
        + place.certificate();
  }

  private void as(String user, Path input, String... line) throws Exception {
    List<String> whole =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + user, "--regid=" + UID, "--clear-groups", "--"));
    whole.addAll(List.of(line));
    command(input, whole);
  }

  private void command(Path input, List<String> line) throws Exception {
    Path output = folder.resolve("command.out");
    Process process =
        registry.start(
            new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile())
                .redirectOutput(output.toFile()));
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(line + " failed: " + Files.readString(output));
    }
  }

  private static void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", UID);
    Files.setAttribute(path, "unix:gid", UID);
  }

  @Override
  public void close() throws IOException {
    daemon.close();
    registry.close();
  }
}
