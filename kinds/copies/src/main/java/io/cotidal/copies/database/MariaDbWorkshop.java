package io.cotidal.copies.database;

import io.cotidal.copies.imports.Dump;
import io.cotidal.copies.imports.Dumps;
import io.cotidal.copies.imports.Limits;
import io.cotidal.copies.imports.OpenDump;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a template of one MariaDB data folder, by a server that only its socket leads to. */
final class MariaDbWorkshop {
  private static final String ROOT = "root";
  private static final String[] HEADS = {"-- MariaDB dump ", "-- MySQL dump "};
  private static final String END = "-- Dump completed";
  private static final String TABLES =
      "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE'"
          + " AND TABLE_SCHEMA = ";
  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("utf-8", "utf8mb4"),
          Map.entry("us-ascii", "utf8mb4"),
          Map.entry("iso-8859-1", "latin1"),
          Map.entry("windows-1252", "latin1"),
          Map.entry("iso-8859-15", "latin1"),
          Map.entry("iso-8859-2", "latin2"),
          Map.entry("windows-1250", "cp1250"),
          Map.entry("windows-1251", "cp1251"),
          Map.entry("windows-1256", "cp1256"),
          Map.entry("windows-1257", "cp1257"),
          Map.entry("iso-8859-7", "greek"),
          Map.entry("iso-8859-8", "hebrew"),
          Map.entry("iso-8859-9", "latin5"),
          Map.entry("iso-8859-13", "latin7"),
          Map.entry("koi8-r", "koi8r"),
          Map.entry("koi8-u", "koi8u"),
          Map.entry("euc-jp", "ujis"),
          Map.entry("euc-kr", "euckr"),
          Map.entry("gbk", "gbk"),
          Map.entry("big5", "big5"),
          Map.entry("shift_jis", "sjis"),
          Map.entry("windows-31j", "cp932"));
  private static final List<String> TREACHEROUS = List.of("gbk", "big5", "sjis", "cp932");

  private final LocalProcesses processes;
  private final Installation installation;
  private final Place place;

  MariaDbWorkshop(LocalProcesses processes, Installation installation, Place place) {
    this.processes = processes;
    this.installation = installation;
    this.place = place;
  }

  void load(Load load, Deadline deadline) throws EngineException, InterruptedException {
    if (load.dump().form() != Dump.Form.SQL) {
      throw new EngineException(
          "dump "
              + Dumps.shown(load.dump().file())
              + " was made by pg_dump; MariaDB takes SQL text only");
    }
    String charset = charset(load);
    String account = account(load.user().name());
    String database = load.user().database();
    inside(
        MariaDbPrograms.loading(place),
        deadline,
        () -> {
          ask(
              "CREATE DATABASE IF NOT EXISTS "
                  + MariaDbSql.name(database)
                  + " CHARACTER SET utf8mb4;\nCREATE OR REPLACE USER "
                  + account
                  + ";\nGRANT ALL PRIVILEGES ON "
                  + MariaDbSql.granted(database)
                  + ".* TO "
                  + account
                  + ";\n",
              "",
              deadline);
          feed(load, charset, deadline);
          return List.of();
        });
  }

  void hook(DatabaseEngine.Hook hook, Deadline deadline)
      throws EngineException, InterruptedException {
    inside(
        List.of(),
        deadline,
        () -> {
          ask(hook.sql(), hook.database(), deadline);
          return List.of();
        });
  }

  /** Works again if it was done before, even in part: without grants anybody may log in. */
  SortedMap<String, Long> freeze(DatabaseEngine.Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException {
    String database = freeze.user().database();
    String account = account(freeze.user().name());
    SortedMap<String, Long> rows = new TreeMap<>();
    inside(
        List.of("--skip-grant-tables"),
        deadline,
        () -> {
          rows.putAll(count(database, deadline));
          ask(accounts(freeze, account), "", deadline);
          return List.of();
        });
    try {
      // Only what is on the disk now may be published.
      Durable.syncTree(place.data());
    } catch (IOException e) {
      throw new EngineException("cannot sync " + place.data() + ": " + e.getMessage(), e);
    }
    return rows;
  }

  private String accounts(DatabaseEngine.Freeze freeze, String account) throws EngineException {
    String administrator = MariaDbSql.name(MariaDbSql.ADMINISTRATOR) + "@`%`";
    String database = MariaDbSql.granted(freeze.user().database());
    return """
    FLUSH PRIVILEGES;
    SET SESSION sql_mode = '';
    CREATE OR REPLACE USER %1$s%2$s;
    GRANT ALL PRIVILEGES ON *.* TO %1$s WITH GRANT OPTION;
    CREATE USER IF NOT EXISTS %3$s;
    GRANT ALL PRIVILEGES ON %4$s.* TO %3$s;
    ALTER USER %3$s IDENTIFIED VIA mysql_native_password USING 'invalid' ACCOUNT LOCK;
    DELETE FROM mysql.global_priv WHERE NOT (Host = '%%' AND User IN (%5$s, %6$s))
      AND NOT (Host = 'localhost' AND User = 'mariadb.sys');
    DELETE FROM mysql.proxies_priv;
    FLUSH PRIVILEGES;
    """
        .formatted(
            administrator,
            MariaDbSql.identified(freeze.administrator()),
            account,
            database,
            MariaDbSql.text(MariaDbSql.ADMINISTRATOR),
            MariaDbSql.text(freeze.user().name()));
  }

  private SortedMap<String, Long> count(String database, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    List<String> tables =
        ask(TABLES + MariaDbSql.text(database) + " ORDER BY TABLE_NAME;", "", deadline)
            .lines()
            .map(MariaDbWorkshop::unescaped)
            .toList();
    StringBuilder sql = new StringBuilder();
    for (String table : tables) {
      sql.append("SELECT COUNT(*) FROM ")
          .append(MariaDbSql.name(database))
          .append('.')
          .append(MariaDbSql.name(table))
          .append(";\n");
    }
    List<String> counts = ask(sql.toString(), "", deadline).lines().toList();
    if (counts.size() != tables.size()) {
      throw new EngineException("the rows of " + database + " cannot be counted");
    }
    SortedMap<String, Long> rows = new TreeMap<>();
    for (int i = 0; i < tables.size(); i++) {
      rows.put(database + "." + tables.get(i), Long.parseLong(counts.get(i)));
    }
    return rows;
  }

  private void feed(Load load, String charset, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Program client =
        MariaDbPrograms.client(
            installation,
            place,
            load.user().name(),
            List.of("--default-character-set=" + charset, "--database=" + load.user().database()));
    try (OpenDump open = Dumps.open(load.dump(), Limits.USUAL)) {
      Trailer trailer = new Trailer(Dumps.text(open));
      Client.Ended ended =
          new Client(processes, place)
              .run(
                  client,
                  out -> filter(trailer, out, charset),
                  () -> load.progress().accept(open.consumed()),
                  deadline);
      if (ended.exit() != 0) {
        throw new EngineException(
            "dump " + Dumps.shown(load.dump().file()) + ": " + Complaints.mariadb(ended.errors()));
      }
      if (trailer.missing(HEADS, END)) {
        throw new EngineException(
            "dump "
                + Dumps.shown(load.dump().file())
                + " is cut short: its last line '"
                + END
                + "' is missing; make or copy it again");
      }
    }
  }

  private static void filter(Trailer from, OutputStream to, String charset) throws IOException {
    OutputStream out = new BufferedOutputStream(to, 1 << 16);
    new Definers(from, out, !TREACHEROUS.contains(charset)).run();
  }

  /** What the statements print, run as the administrator. */
  private String ask(String sql, String database, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    List<String> more = new ArrayList<>(List.of("--default-character-set=utf8mb4"));
    if (!database.isEmpty()) {
      more.add("--database=" + database);
    }
    Program client = MariaDbPrograms.client(installation, place, ROOT, more);
    Client.Ended ended = new Client(processes, place).ask(client, sql, deadline);
    if (ended.exit() != 0) {
      throw new EngineException("SQL on " + place.id() + ": " + Complaints.mariadb(ended.errors()));
    }
    return ended.output();
  }

  @FunctionalInterface
  private interface Work {
    List<String> done() throws EngineException, IOException, InterruptedException;
  }

  private void inside(List<String> flags, Deadline deadline, Work work)
      throws EngineException, InterruptedException {
    try {
      new Leftovers(processes, place).prepare(deadline);
      List<String> line =
          new ArrayList<>(MariaDbPrograms.isolated(MariaDbPrograms.daemon(installation), place));
      line.addAll(flags);
      Files.deleteIfExists(MariaDbPrograms.socket(place));
      try (IsolatedServer server =
          IsolatedServer.start(
              processes, place, Program.of(Leftovers.user(place), line), this::answers, deadline)) {
        work.done();
        // For this server the signal is an orderly end.
        server.stop(Signal.QUIT, deadline);
      }
    } catch (IOException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private boolean answers() throws IOException {
    if (!Files.exists(MariaDbPrograms.socket(place))) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(MariaDbPrograms.socket(place)));
    } catch (java.net.SocketException e) {
      // The socket is there before anybody listens: look again.
      return false;
    }
  }

  private static String account(String user) throws EngineException {
    try {
      return MariaDbSql.account(user);
    } catch (IllegalArgumentException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String charset(Load load) throws EngineException {
    String java = load.charset().map(Charset::name).orElse("UTF-8").toLowerCase(Locale.ROOT);
    String charset = CHARSETS.get(java);
    if (charset == null) {
      throw new EngineException("MariaDB has no charset for " + java + "; convert it to UTF-8");
    }
    return charset;
  }

  /** A field as the client prints it in batch mode. */
  private static String unescaped(String field) {
    return field.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
  }
}
