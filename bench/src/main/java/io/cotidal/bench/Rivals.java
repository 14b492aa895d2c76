package io.cotidal.bench;

import io.cotidal.lab.LoopVolume;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The other ways to the same data: a load into a server that runs already, PostgreSQL's own copy of
 * a database, a copy of the folder. Their servers lie on the same volume and use their standard
 * settings.
 */
final class Rivals implements AutoCloseable {
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15/bin");
  private static final Duration START = Duration.ofSeconds(30);

  private final CopiesHouse house;
  private final Path sockets;
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private Optional<OriginalWay> original = Optional.empty();

  /** Starts the servers of those rivals that need one. */
  Rivals(CopiesHouse house) throws IOException, BenchProblem {
    this.house = house;
    this.sockets = house.lab().folder("rivals");
    Path mariadb = folder("mysql");
    Command.run(
        List.of(
            "/usr/bin/mariadb-install-db",
            "--no-defaults",
            "--user=mysql",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--datadir=" + mariadb));
    start(
        "mysql",
        mariadb,
        List.of(
            "/usr/sbin/mariadbd",
            "--no-defaults",
            "--datadir=" + mariadb,
            "--skip-networking",
            "--max-allowed-packet=1G",
            "--socket=" + sockets.resolve("mysql/socket")));
    await(sockets.resolve("mysql/socket"));
    Path postgres = folder("postgres");
    long _ =
        Command.run(
            "postgres",
            List.of(POSTGRES.resolve("initdb").toString(), "-A", "trust", "-D", "" + postgres),
            null);
    start(
        "postgres",
        postgres,
        List.of(
            POSTGRES.resolve("postgres").toString(),
            "-D",
            postgres.toString(),
            "-c",
            "listen_addresses=",
            "-c",
            "unix_socket_directories=" + sockets.resolve("postgres")));
    await(sockets.resolve("postgres/.s.PGSQL.5432"));
    startOriginal();
  }

  /** Where Docker cannot be run the others are measured all the same. */
  private void startOriginal() throws IOException {
    Optional<String> impossible = OriginalWay.impossible();
    if (impossible.isPresent()) {
      skip(impossible.get());
      return;
    }
    try {
      original = Optional.of(OriginalWay.open(house));
    } catch (IOException e) {
      skip(String.valueOf(e.getMessage()));
    }
  }

  private void skip(String reason) {
    skipped.put(
        OriginalWay.NAME, "skipped: " + reason.replaceAll("[\\s\\p{Cntrl}\"\\\\]+", " ").strip());
  }

  private Path folder(String user) throws IOException, BenchProblem {
    Path data = house.folder(LoopVolume.Type.BTRFS).resolve("rival-" + user);
    for (Path each : List.of(data, sockets.resolve(user))) {
      Files.createDirectory(each);
      Command.run(List.of("/usr/bin/chown", user + ":" + user, each.toString()));
    }
    return data;
  }

  private void start(String user, Path data, List<String> program) throws IOException {
    List<String> line =
        List.of("/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--");
    ProcessBuilder builder =
        new ProcessBuilder(java.util.stream.Stream.of(line, program).flatMap(List::stream).toList())
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long _ = house.lab().start(builder).pid();
  }

  private static void await(Path socket) throws BenchProblem, IOException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          if (channel.connect(UnixDomainSocketAddress.of(socket))) {
            return;
          }
        } catch (IOException e) {
          // Not yet.
        }
      }
      try {
        Thread.sleep(Duration.ofMillis(50));
      } catch (InterruptedException e) {
        throw new BenchProblem("ended before it was done, as asked", e);
      }
    }
    throw new BenchProblem("the server of a rival does not answer at " + socket);
  }

  /** Milliseconds of each way to the data of that cell; once. */
  Map<String, Long> measure(CopiesCell cell) throws IOException, BenchProblem {
    Map<String, Long> taken = loads(cell);
    taken.put("cp of the folder, no start", plain(cell));
    if (original.isPresent() && !cell.engine().shared()) {
      taken.put(OriginalWay.NAME, original.get().measure(cell));
    }
    return taken;
  }

  private Map<String, Long> loads(CopiesCell cell) throws IOException, BenchProblem {
    Map<String, Long> taken = new LinkedHashMap<>();
    Path dump = house.dump(cell.engine(), cell.megabytes());
    switch (cell.engine()) {
      case MARIADB -> {
        mariadb(List.of("-e", "CREATE DATABASE loaded"), null);
        taken.put("mariadb < dump", mariadb(List.of("loaded"), dump));
        mariadb(List.of("-e", "DROP DATABASE loaded"), null);
      }
      case POSTGRES, POSTGRES_CLONE -> {
        postgres(List.of("createdb", "loaded"), null);
        taken.put("psql < dump", postgres(List.of("psql", "-qX", "-d", "loaded"), dump));
        taken.put(
            "createdb -T", postgres(List.of("createdb", "-T", "loaded", "--", "copied"), null));
        postgres(List.of("dropdb", "copied"), null);
        Path custom = sockets.resolve("postgres/custom.dump");
        postgres(List.of("pg_dump", "-Fc", "-f", custom.toString(), "loaded"), null);
        postgres(List.of("createdb", "restored"), null);
        taken.put(
            "pg_restore of a custom dump",
            postgres(List.of("pg_restore", "-d", "restored", custom.toString()), null));
        postgres(List.of("dropdb", "restored"), null);
        Files.delete(custom);
        postgres(List.of("dropdb", "loaded"), null);
      }
    }
    return taken;
  }

  /** Of what nothing is measured, and why. */
  Map<String, String> skipped() {
    return Map.copyOf(skipped);
  }

  @Override
  public void close() throws IOException {
    if (original.isPresent()) {
      original.get().close();
    }
  }

  private long plain(CopiesCell cell) throws IOException, BenchProblem {
    Path house = this.house.folder(cell.volume());
    Path copy = house.resolve("plain");
    try (DirectoryStream<Path> generations =
        Files.newDirectoryStream(house.resolve(".cotidal").resolve(cell.template()), "g*")) {
      Path data = generations.iterator().next().resolve("data");
      long millis =
          Command.run(
              "",
              List.of("/usr/bin/cp", "-a", "--reflink=never", data.toString(), copy.toString()),
              null);
      Command.run(List.of("/usr/bin/rm", "-rf", copy.toString()));
      return millis;
    }
  }

  private long mariadb(List<String> more, @org.jspecify.annotations.Nullable Path input)
      throws IOException, BenchProblem {
    List<String> line = new java.util.ArrayList<>();
    line.addAll(
        List.of(
            "/usr/bin/mariadb",
            "--no-defaults",
            "--user=root",
            "--socket=" + sockets.resolve("mysql/socket")));
    line.addAll(more);
    return Command.run("", line, input);
  }

  private long postgres(List<String> arguments, @org.jspecify.annotations.Nullable Path input)
      throws IOException, BenchProblem {
    List<String> line = new java.util.ArrayList<>();
    line.add(POSTGRES.resolve(arguments.getFirst()).toString());
    line.add("--host=" + sockets.resolve("postgres"));
    line.addAll(arguments.subList(1, arguments.size()));
    return Command.run("postgres", line, input);
  }
}
