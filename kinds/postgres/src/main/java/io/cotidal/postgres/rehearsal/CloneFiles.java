package io.cotidal.postgres.rehearsal;

import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of one run's clones: copied once, made harmless, and then made as many as needed. */
final class CloneFiles {
  /** In the scratch folder: the directories of members, whatever they are called. */
  static final String MEMBERS = "members";

  private static final String PRIVATE = "rw-------";

  /** What must not come along: who the copied server is, and whom it follows. */
  private static final List<String> GONE =
      List.of(
          "standby.signal",
          "recovery.signal",
          "tablespace_map",
          "postmaster.opts",
          "current_logfiles",
          "cotidal.conf");

  private static final FileAttribute<?> ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final long LEAST_RATE = 32;
  private static final long MOST_RATE = 1 << 20;

  private final CloneRehearsals.Order order;
  private final PostgresSpec spec;
  private final Quarantine quarantine;
  private final Scratch scratch;
  private final CloneCluster.Stand stand;
  private final Optional<OsUser> owner;
  private final Path base;

  CloneFiles(
      CloneRehearsals.Order order,
      PostgresSpec spec,
      Quarantine quarantine,
      Scratch scratch,
      CloneCluster.Stand stand,
      Optional<OsUser> owner) {
    this.order = order;
    this.spec = spec;
    this.quarantine = quarantine;
    this.scratch = scratch;
    this.stand = stand;
    this.owner = owner;
    this.base = scratch.resolve("base");
  }

  /** What a clone prints. */
  static Path log(Server server) {
    return server.data().resolveSibling(server.data().getFileName() + ".log");
  }

  /** What starts it; works in its own folder, where whoever cleans up looks for it. */
  static Program program(Server server) {
    return new Program(
        List.of(server.bin().resolve("postgres").toString(), "-D", server.data().toString()),
        new TreeMap<>(),
        null,
        server.data(),
        server.user());
  }

  /** The last line of a log that says what went wrong. */
  static String lastWords(Path log) throws IOException {
    String text = LocalProcesses.tail(log, 0);
    return text.lines()
        .filter(
            line -> line.contains("FATAL:") || line.contains("PANIC:") || line.contains("ERROR:"))
        .reduce((first, second) -> second)
        .or(() -> text.lines().reduce((first, second) -> second))
        .orElse("it says nothing");
  }

  /** Copies the real member over a replication connection; leaves no slot there. */
  void copy(Server source, long rate) throws RehearsalFailed, IOException, InterruptedException {
    Access access = order.spec().access();
    Path passwords = scratch.resolve("source.passfile");
    write(
        passwords,
        password(
            source.host(),
            source.port(),
            access.replicationUser(),
            access.replicationPassword().reveal()));
    LinkedHashMap<String, String> from = new LinkedHashMap<>();
    from.put("host", source.host());
    from.put("port", Integer.toString(source.port()));
    from.put("user", access.replicationUser());
    from.put("passfile", passwords.toString());
    // With a blank, which no member's name has: the primary must not count it as a member.
    from.put("application_name", "cotidal rehearsal");
    from.put("gssencmode", "disable");
    from.put("connect_timeout", "5");
    List<String> line =
        new ArrayList<>(
            List.of(
                tool("pg_basebackup"),
                "--pgdata=" + base,
                "--wal-method=stream",
                "--no-slot",
                "--checkpoint=fast",
                "--no-manifest",
                "--no-sync",
                "--no-password",
                "--dbname=" + Conninfo.format(from)));
    if (rate > 0) {
      line.add("--max-rate=" + Math.clamp(rate >> 10, LEAST_RATE, MOST_RATE));
    }
    try {
      run("copying " + source.id(), program(line));
    } finally {
      Files.deleteIfExists(passwords);
    }
  }

  /** Makes the copy harmless while no server of it has run yet. */
  void prepare() throws RehearsalFailed, IOException, InterruptedException {
    for (String each : GONE) {
      Files.deleteIfExists(base.resolve(each));
    }
    Server primary = spec.server(order.primary()).orElseThrow();
    write(base.resolve("postgresql.auto.conf"), "");
    write(base.resolve("pg_ident.conf"), "");
    write(base.resolve("postgresql.conf"), quarantine.text(own(primary)));
    write(base.resolve("pg_hba.conf"), Quarantine.entrance(spec.access().superuser()));
    Path input = scratch.resolve("roles.sql");
    write(input, Quarantine.statements(spec.access().superuser(), spec.access().password()));
    String printed;
    try {
      printed =
          run(
              "making the copy harmless",
              program(
                      List.of(
                          tool("postgres"), "--single", "-O", "-D", base.toString(), "postgres"))
                  .reading(input));
    } finally {
      Files.deleteIfExists(input);
    }
    Optional<String> error = printed.lines().filter(line -> line.contains("ERROR:")).findFirst();
    if (error.isPresent()) {
      throw new RehearsalFailed("the copy could not be made harmless: " + error.get());
    }
  }

  /** Makes as many of it as there are members; the primary's is the copy itself. */
  void spread() throws RehearsalFailed, IOException {
    Path passwords = scratch.resolve("passfile");
    Access access = spec.access();
    StringBuilder lines = new StringBuilder();
    for (Server each : spec.servers()) {
      lines.append(
          password(each.host(), each.port(), access.superuser(), access.password().reveal()));
    }
    write(passwords, lines.toString());
    own(Files.createDirectory(scratch.resolve(MEMBERS), ALONE));
    Server primary = spec.server(order.primary()).orElseThrow();
    for (Server each : spec.servers()) {
      if (!each.id().equals(primary.id())) {
        standby(each, primary, passwords);
      }
    }
    Files.move(base, primary.data());
    write(log(primary), "");
  }

  private void standby(Server server, Server primary, Path passwords)
      throws RehearsalFailed, IOException {
    own(Files.createDirectory(server.data(), ALONE));
    try {
      new TreeCopy(base, server.data(), owner, done -> goOn()).copy(relative -> false);
    } catch (UncheckedIOException e) {
      stand.watch().check();
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
    write(server.data().resolve("postgresql.conf"), quarantine.text(own(server)));
    LinkedHashMap<String, String> upstream = new LinkedHashMap<>();
    upstream.put("host", primary.host());
    upstream.put("port", Integer.toString(primary.port()));
    upstream.put("user", spec.access().replicationUser());
    upstream.put("passfile", passwords.toString());
    upstream.put("application_name", server.id().name());
    upstream.put("gssencmode", "disable");
    write(
        server.data().resolve("postgresql.auto.conf"),
        "primary_conninfo = " + Quote.setting(Conninfo.format(upstream)) + "\n");
    write(server.data().resolve("standby.signal"), "");
    write(log(server), "");
  }

  /** A copy of files is ended by what its progress throws. */
  private void goOn() {
    try {
      stand.watch().check();
      if (Thread.currentThread().isInterrupted()) {
        throw new RehearsalFailed("the rehearsal was interrupted");
      }
    } catch (RehearsalFailed e) {
      throw new UncheckedIOException(new IOException(e.line(), e));
    }
  }

  private static SortedMap<String, String> own(Server server) {
    TreeMap<String, String> own =
        new TreeMap<>(
            Map.of(
                "listen_addresses", ClonePlan.HOST,
                "port", Integer.toString(server.port()),
                "unix_socket_directories", "",
                "cluster_name", server.id().name(),
                "hot_standby", "on",
                "wal_level", "replica",
                "wal_log_hints", "on",
                "password_encryption", "scram-sha-256",
                "logging_collector", "off",
                "log_destination", "stderr"));
    own.put("lc_messages", "C");
    return own;
  }

  private static String password(String host, int port, String user, String secret) {
    return Quote.passwordField(host)
        + ":"
        + port
        + ":*:"
        + Quote.passwordField(user)
        + ":"
        + Quote.passwordField(secret)
        + "\n";
  }

  private String tool(String name) {
    return scratch.resolve(LowPriority.FOLDER).resolve(name).toString();
  }

  private Program program(List<String> line) {
    String user = owner.map(OsUser::name).orElse("");
    return new Program(line, new TreeMap<>(), null, scratch.folder(), user);
  }

  private void own(Path file) throws IOException {
    if (owner.isPresent()) {
      owner.get().own(file);
    }
  }

  private void write(Path file, String text) throws IOException {
    Durable.write(file, text, owner.orElse(null), PRIVATE);
  }

  private String run(String what, Program program)
      throws RehearsalFailed, IOException, InterruptedException {
    LocalProcesses.Record record =
        new LocalProcesses.Record() {
          @Override
          public void running(ProcessId started) {
            // It works in the scratch folder, by which it is found.
          }

          @Override
          public void meanwhile() throws IOException {
            try {
              stand.watch().check();
            } catch (RehearsalFailed e) {
              throw new IOException(e.line(), e);
            }
          }
        };
    try {
      LocalProcesses.Result result =
          stand.processes().run(program, scratch.resolve("output"), record, order.deadline());
      if (result.exit() != 0) {
        throw new RehearsalFailed(what + " failed: " + result.lastLine());
      }
      return result.output();
    } catch (IOException e) {
      if (e.getCause() instanceof RehearsalFailed failed) {
        throw failed;
      }
      throw e;
    }
  }
}
