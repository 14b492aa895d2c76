package io.cotidal.bench;

import io.cotidal.lab.DockerDaemon;
import io.cotidal.lab.DockerImages;
import io.cotidal.lab.LoopVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the original did: a template is a container that imported a dump and was stopped; a copy is
 * a btrfs snapshot of its folder and a container on that. From the snapshot to the answer to the
 * first query. Docker is a daemon of the lab's own, images are made on this machine.
 */
final class OriginalWay implements AutoCloseable {
  /** What the report calls it. */
  static final String NAME = "snapshot + docker run";

  private static final Path BTRFS = Path.of("/usr/bin/btrfs");
  private static final String USER = "64023";
  private static final String PASSWORD = "rival";
  private static final String DATABASE = "loaded";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final CopiesHouse house;
  private final DockerDaemon docker;
  private final Path accounts;
  private final Map<Engine, String> images = new EnumMap<>(Engine.class);
  private final Map<String, Path> templates = new HashMap<>();
  private int number;

  private OriginalWay(CopiesHouse house, DockerDaemon docker) throws IOException {
    this.house = house;
    this.docker = docker;
    this.accounts =
        Files.writeString(
            house.lab().folder("accounts").resolve("passwd"),
            "root:x:0:0::/:/bin/sh\npostgres:x:" + USER + ":" + USER + "::/:/bin/sh\n");
    Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Why it cannot be measured here; empty if it can. */
  static Optional<String> impossible() throws IOException {
    return Files.isExecutable(BTRFS)
        ? DockerImages.missing()
        : Optional.of("the btrfs program is not installed: apt-get install btrfs-progs");
  }

  /** Starts Docker and makes the images. */
  static OriginalWay open(CopiesHouse house) throws IOException {
    OriginalWay way = new OriginalWay(house, DockerDaemon.start(house.lab()));
    try {
      DockerImages images = new DockerImages(house.lab(), way.docker);
      way.images.put(Engine.MARIADB, images.mariadb());
      way.images.put(Engine.POSTGRES, images.postgres());
      return way;
    } catch (IOException | RuntimeException e) {
      way.close();
      throw e;
    }
  }

  /** Milliseconds from the snapshot to the first answer, of the data of that cell. */
  long measure(CopiesCell cell) throws IOException, BenchProblem {
    Path template = template(cell);
    Path copy = template.resolveSibling("original-copy-" + ++number);
    int port = house.lab().port();
    long begun = System.nanoTime();
    Command.run(
        List.of(BTRFS.toString(), "subvolume", "snapshot", template.toString(), copy.toString()));
    String container = run(cell.engine(), copy, port);
    answer(cell.engine(), port, "SELECT body FROM entries WHERE id = " + DumpWriter.KNOWN);
    long millis = (System.nanoTime() - begun + 500_000) / 1_000_000;
    String _ = docker.client("rm", "-f", container);
    Command.run(List.of(BTRFS.toString(), "subvolume", "delete", copy.toString()));
    return millis;
  }

  /** The folder of a template that was imported as the original did; made once. */
  private Path template(CopiesCell cell) throws IOException, BenchProblem {
    String name = "original-" + cell.engine().word() + "-" + cell.megabytes();
    @Nullable Path known = templates.get(name);
    if (known != null) {
      return known;
    }
    Path folder = house.folder(LoopVolume.Type.BTRFS).resolve(name);
    Command.run(List.of(BTRFS.toString(), "subvolume", "create", folder.toString()));
    Command.run(List.of("/usr/bin/chown", USER + ":" + USER, folder.toString()));
    Command.run(List.of("/usr/bin/chmod", "700", folder.toString()));
    int port = house.lab().port();
    String container = run(cell.engine(), folder, port);
    answer(cell.engine(), port, "SELECT 'up'");
    load(cell, port);
    String _ = docker.client("stop", "-t", "60", container);
    String _ = docker.client("rm", container);
    templates.put(name, folder);
    return folder;
  }

  private void load(CopiesCell cell, int port) throws IOException, BenchProblem {
    Path dump = house.dump(cell.engine(), cell.megabytes());
    Path login = Files.writeString(house.lab().folder("login").resolve("login"), login(cell, port));
    Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-------"));
    long _ =
        switch (cell.engine()) {
          case MARIADB ->
              Command.run(
                  "",
                  List.of("/usr/bin/mariadb", "--defaults-file=" + login, "--skip-ssl", DATABASE),
                  dump);
          case POSTGRES, POSTGRES_CLONE ->
              Command.run(
                  "",
                  List.of(
                      "/usr/bin/env",
                      "PGPASSFILE=" + login,
                      "/usr/lib/postgresql/15/bin/psql",
                      "-qX",
                      "--host=127.0.0.1",
                      "--port=" + port,
                      "--username=postgres",
                      "--dbname=" + DATABASE),
                  dump);
        };
  }

  /** A file for the client: a password is no argument. */
  private static String login(CopiesCell cell, int port) {
    return switch (cell.engine()) {
      case MARIADB ->
          "[client]\nhost=127.0.0.1\nport=%d\nuser=root\npassword=%s\nprotocol=tcp\n"
              .formatted(port, PASSWORD);
      case POSTGRES, POSTGRES_CLONE -> "127.0.0.1:%d:*:postgres:%s\n".formatted(port, PASSWORD);
    };
  }

  /** On the host's network: this daemon has no other. */
  private String run(Engine engine, Path folder, int port) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "run",
                "-d",
                "--network=host",
                "--user=" + USER + ":" + USER,
                "--volume=" + folder + ":/data",
                // PostgreSQL's initdb wants its account to have a name.
                "--volume=" + accounts + ":/etc/passwd:ro"));
    switch (engine) {
      case MARIADB ->
          line.addAll(
              List.of(
                  "--env=MYSQL_ROOT_PASSWORD=" + PASSWORD,
                  "--env=MYSQL_DATABASE=" + DATABASE,
                  image(engine),
                  "--no-defaults",
                  "--datadir=/data",
                  "--socket=/tmp/socket",
                  "--pid-file=/tmp/pid",
                  "--max-allowed-packet=1G",
                  "--bind-address=127.0.0.1",
                  "--port=" + port));
      case POSTGRES, POSTGRES_CLONE ->
          line.addAll(
              List.of(
                  "--env=PGDATA=/data",
                  "--env=POSTGRES_PASSWORD=" + PASSWORD,
                  "--env=POSTGRES_DB=" + DATABASE,
                  image(engine),
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "unix_socket_directories=/tmp",
                  "-c",
                  "port=" + port));
    }
    return docker.client(line.toArray(String[]::new)).strip();
  }

  private String image(Engine engine) {
    return java.util.Objects.requireNonNull(images.get(engine), "no image of " + engine);
  }

  /** The first answer; asked again and again, as the original's clients do. */
  private static void answer(Engine engine, int port, String sql) throws BenchProblem {
    String address =
        switch (engine) {
          case MARIADB ->
              "jdbc:mariadb://127.0.0.1:%d/%s?user=root&password=%s"
                  .formatted(port, DATABASE, PASSWORD);
          case POSTGRES, POSTGRES_CLONE ->
              "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&password=%s"
                  .formatted(port, DATABASE, PASSWORD);
        };
    long end = System.nanoTime() + START.toNanos();
    String reason = "";
    while (System.nanoTime() < end) {
      try (Connection connection = DriverManager.getConnection(address);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        if (row.next()) {
          return;
        }
        throw new BenchProblem("the original's copy lacks a row of its template");
      } catch (SQLException e) {
        // Not yet; the last reason is told if it stays so.
        reason = String.valueOf(e.getMessage());
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        throw new BenchProblem("ended before it was done, as asked", e);
      }
    }
    throw new BenchProblem("the original's copy does not answer: " + reason);
  }

  @Override
  public void close() throws IOException {
    docker.close();
  }
}
