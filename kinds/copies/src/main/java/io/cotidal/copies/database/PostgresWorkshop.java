package io.cotidal.copies.database;

import io.cotidal.copies.imports.Dumps;
import io.cotidal.copies.imports.Limits;
import io.cotidal.copies.imports.OpenDump;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Verifier;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import io.cotidal.remote.TreeCopy;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes a template of one PostgreSQL data folder, by a server that only its socket leads to. */
final class PostgresWorkshop {
  private static final String[] HEADS = {"-- PostgreSQL database dump"};
  private static final String END = "-- PostgreSQL database dump complete";
  private static final int STATUS_LINE = 7;

  /** What text does not hold separates columns and rows where a program reads them. */
  private static final String COLUMNS = "\037";

  private static final String ROWS = "\036";

  /** Settings that make a server follow, archive or wait for others. */
  private static final Pattern JOINING =
      Pattern.compile(
          "(?i)\\s*(primary_|restore_command|archive_|recovery_|synchronous_standby|promote_|"
              + "hot_standby|standby_|shared_preload|listen_addresses|port|unix_socket|ssl|hba_file"
              + "|ident_file|data_directory|include).*");

  /** On TCP with TLS and a password, and in no other way. */
  private static final String RULES = "hostssl all all all scram-sha-256\n";

  /** Only the server's own user and root can reach the socket. */
  private static final String ISOLATED = "local all all trust\n";

  private final LocalProcesses processes;
  private final Installation installation;
  private final Place place;

  PostgresWorkshop(LocalProcesses processes, Installation installation, Place place) {
    this.processes = processes;
    this.installation = installation;
    this.place = place;
  }

  /** Who may log in to a clone. */
  static void writeRules(LocalProcesses processes, Place place) throws IOException {
    write(processes, place, place.data().resolve("pg_hba.conf"), RULES);
  }

  void load(Load load, Deadline deadline) throws EngineException, InterruptedException {
    String user = Quote.identifier(own(load.user().name()));
    String database = Quote.identifier(load.user().database());
    inside(
        deadline,
        () -> {
          ask(
              "postgres",
              "CREATE ROLE "
                  + user
                  + " LOGIN;\nCREATE DATABASE "
                  + database
                  + " OWNER "
                  + user
                  + " TEMPLATE template0 ENCODING 'UTF8';\n",
              deadline);
          ask(load.user().database(), "ALTER SCHEMA public OWNER TO " + user + ";\n", deadline);
          switch (load.dump().form()) {
            case SQL -> text(load, deadline);
            case PG_CUSTOM -> custom(load, deadline);
            case PG_DIRECTORY -> directory(load, deadline);
          }
        });
  }

  void hook(DatabaseEngine.Hook hook, Deadline deadline)
      throws EngineException, InterruptedException {
    inside(deadline, () -> ask(hook.database(), hook.sql(), deadline));
  }

  /** The first value that a question in a session that only reads is answered with. */
  String answer(DatabaseEngine.Question question, Deadline deadline)
      throws EngineException, InterruptedException {
    StringBuilder printed = new StringBuilder();
    inside(
        deadline,
        () ->
            printed.append(
                ask(
                    question.database(),
                    "SET default_transaction_read_only = on;\n"
                        + "\\pset null null\n\\pset fieldsep '\\037'\n\\pset recordsep '\\036'\n"
                        + question.sql()
                        + "\n;\n",
                    deadline)));
    if (printed.isEmpty()) {
      return "no row";
    }
    // The last row ends with a line, whatever stands between rows.
    String first = printed.toString().replaceFirst("\\n$", "").split(ROWS, 2)[0];
    return first.split(COLUMNS, 2)[0];
  }

  SortedMap<String, Long> freeze(DatabaseEngine.Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException {
    SortedMap<String, Long> rows = new TreeMap<>();
    String user = Quote.identifier(own(freeze.user().name()));
    inside(
        deadline,
        () -> {
          rows.putAll(count(freeze.user().database(), deadline));
          ask(
              "postgres",
              """
              DO $$ DECLARE r record; BEGIN
                FOR r IN SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname <> 'cotidal' LOOP
                  EXECUTE format('ALTER ROLE %%I NOLOGIN PASSWORD NULL', r.rolname);
                END LOOP;
              END $$;
              ALTER ROLE %s NOLOGIN PASSWORD NULL NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS;
              ALTER ROLE cotidal PASSWORD %s;
              CHECKPOINT;
              """
                  .formatted(user, Quote.literal(Verifier.scram(freeze.administrator()).reveal())),
              deadline);
        });
    try {
      clean();
      // The server ran without syncing; only what is on the disk now may be published.
      Durable.syncTree(place.data());
    } catch (IOException e) {
      throw new EngineException("cannot freeze " + place.data() + ": " + e.getMessage(), e);
    }
    return rows;
  }

  private void clean() throws IOException {
    for (String name :
        List.of(
            "standby.signal",
            "recovery.signal",
            "recovery.conf",
            "backup_label",
            "postmaster.opts")) {
      Files.deleteIfExists(place.data().resolve(name));
    }
    writeRules(processes, place);
    for (String name : List.of("postgresql.conf", "postgresql.auto.conf")) {
      Path file = place.data().resolve(name);
      StringBuilder kept = new StringBuilder();
      for (String line : Files.readAllLines(file)) {
        if (!JOINING.matcher(line).matches()) {
          kept.append(line).append('\n');
        }
      }
      write(processes, place, file, kept.toString());
    }
  }

  private SortedMap<String, Long> count(String database, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    // One number a line, in the order of the names: names may hold anything.
    String tables =
        """
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
          AND n.nspname <> 'information_schema' ORDER BY 1, 2\
        """;
    List<String> names =
        ask(
                database,
                "SELECT encode(convert_to(nspname || '.' || relname, 'UTF8'), 'hex') FROM ("
                    + tables
                    + ") t;",
                deadline)
            .lines()
            .toList();
    List<String> counts =
        ask(
                database,
                "SELECT format('SELECT count(*) FROM %I.%I', nspname, relname) FROM ("
                    + tables
                    + ") t \\gexec\n",
                deadline)
            .lines()
            .toList();
    if (counts.size() != names.size()) {
      throw new EngineException("the rows of " + database + " cannot be counted");
    }
    SortedMap<String, Long> rows = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      byte[] name = java.util.HexFormat.of().parseHex(names.get(i));
      rows.put(new String(name, StandardCharsets.UTF_8), Long.parseLong(counts.get(i)));
    }
    return rows;
  }

  private void text(Load load, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Map<String, String> variables =
        load.charset().isPresent()
            ? Map.of("PGCLIENTENCODING", PostgresCharsets.of(load.charset().get()))
            : Map.of("PGCLIENTENCODING", "UTF8");
    Program client = psql(load.user().name(), load.user().database(), variables);
    try (OpenDump open = Dumps.open(load.dump(), Limits.USUAL)) {
      Trailer trailer = new Trailer(Dumps.text(open));
      Client.Ended ended =
          new Client(processes, place)
              .run(
                  client,
                  out -> feed(trailer, out),
                  () -> load.progress().accept(open.consumed()),
                  deadline);
      // Backslash commands that were refused are errors too, whatever the status says.
      if (ended.exit() != 0 || ended.errors().contains("backslash commands are restricted")) {
        throw failed(load, Complaints.psql(ended.errors()));
      }
      if (trailer.missing(HEADS, END)) {
        throw failed(
            load, "it is cut short: its last line '" + END + "' is missing; make or copy it again");
      }
    }
  }

  /** Nobody knows the word that would lift the restriction. */
  private static void feed(Trailer from, OutputStream to) throws IOException {
    OutputStream out = new BufferedOutputStream(to, 1 << 16);
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String word = java.util.HexFormat.of().formatHex(random);
    out.write(("\\restrict " + word + "\n").getBytes(StandardCharsets.US_ASCII));
    new Ownership(from, out).run();
  }

  private void custom(Load load, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    try (OpenDump open = Dumps.open(load.dump(), Limits.USUAL)) {
      Client.Ended ended =
          new Client(processes, place)
              .run(
                  restore(load, List.of()),
                  out -> {
                    open.transferTo(out);
                    out.flush();
                  },
                  () -> load.progress().accept(open.consumed()),
                  deadline);
      if (ended.exit() != 0) {
        throw failed(load, Complaints.restore(ended.errors()));
      }
    }
  }

  /** The folder is copied for pg_restore, which may read nothing but what is the place's. */
  private void directory(Load load, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Path copy = place.run().resolve("dump");
    try {
      Files.createDirectories(
          copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Durable.empty(copy);
      Optional<OsUser> owner = processes.user(Leftovers.user(place));
      if (owner.isPresent()) {
        owner.get().own(copy);
      }
      long[] read = new long[1];
      new TreeCopy(
              load.dump().file(),
              copy,
              owner,
              bytes -> {
                read[0] = bytes;
                load.progress().accept(bytes);
              })
          .copy(relative -> false);
      Client.Ended ended =
          new Client(processes, place)
              .run(
                  restore(load, List.of("--format=directory", copy.toString())),
                  out -> {},
                  () -> load.progress().accept(read[0]),
                  deadline);
      if (ended.exit() != 0) {
        throw failed(load, Complaints.restore(ended.errors()));
      }
    } finally {
      if (Files.isDirectory(copy)) {
        Durable.empty(copy);
        Files.delete(copy);
      }
    }
  }

  private Program restore(Load load, List<String> more) throws EngineException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--no-security-labels",
                "--no-subscriptions",
                "--no-publications",
                "--no-tablespaces",
                "--exit-on-error",
                "--dbname="
                    + PostgresPrograms.connection(
                        place, load.user().name(), load.user().database())));
    arguments.addAll(more);
    return PostgresPrograms.client(installation, place, arguments, Map.of());
  }

  private Program psql(String user, String database, Map<String, String> variables)
      throws EngineException {
    return PostgresPrograms.client(
        installation,
        place,
        List.of(
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-w",
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            "VERBOSITY=verbose",
            "-v",
            "SHOW_CONTEXT=never",
            "-d",
            PostgresPrograms.connection(place, user, database),
            "-f",
            "-"),
        variables);
  }

  /** What the statements print, run as the administrator. */
  private String ask(String database, String sql, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Program client =
        psql(PostgresPrograms.ADMINISTRATOR, database, Map.of("PGCLIENTENCODING", "UTF8"));
    Client.Ended ended = new Client(processes, place).ask(client, "\n" + sql, deadline);
    if (ended.exit() != 0) {
      throw new EngineException("SQL on " + place.id() + ": " + Complaints.psql(ended.errors()));
    }
    return ended.output();
  }

  @FunctionalInterface
  private interface Work {
    void done() throws EngineException, IOException, InterruptedException;
  }

  private void inside(Deadline deadline, Work work) throws EngineException, InterruptedException {
    try {
      new Leftovers(processes, place).prepare(deadline);
      PostgresPrograms.connection(place, PostgresPrograms.ADMINISTRATOR, "postgres");
      write(processes, place, PostgresPrograms.isolatedRules(place), ISOLATED);
      if (!processes.table().working(place.data(), "postgres").isEmpty()) {
        throw new EngineException("a server still works in " + place.data() + ": stop it first");
      }
      // What a server that was killed left here would stand in the way.
      Files.deleteIfExists(place.data().resolve("postmaster.pid"));
      try (IsolatedServer server =
          IsolatedServer.start(
              processes,
              place,
              Program.of(Leftovers.user(place), PostgresPrograms.isolated(installation, place)),
              () -> ready(place),
              deadline)) {
        work.done();
        server.stop(Signal.INTERRUPT, deadline);
      } finally {
        Files.deleteIfExists(PostgresPrograms.isolatedRules(place));
      }
    } catch (IOException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether the server in the place says in its lock file that it takes sessions. */
  static boolean ready(Place place) throws IOException {
    Path file = place.data().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return false;
    }
    List<String> lines = Files.readString(file).lines().toList();
    return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
  }

  private static void write(LocalProcesses processes, Place place, Path file, String text)
      throws IOException {
    Durable.write(file, text, processes.user(Leftovers.user(place)).orElse(null), "rw-------");
  }

  /** The user, if the name is neither the server's nor ours. */
  static String own(String user) throws EngineException {
    if (user.equals(PostgresPrograms.ADMINISTRATOR) || user.startsWith("pg_")) {
      throw new EngineException(
          "the user '" + user + "' is the server's or Cotidal's own; choose another name");
    }
    return user;
  }

  private static EngineException failed(Load load, String why) {
    return new EngineException("dump " + Dumps.shown(load.dump().file()) + ": " + why);
  }
}
