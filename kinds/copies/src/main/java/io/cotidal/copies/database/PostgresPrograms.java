package io.cotidal.copies.database;

import io.cotidal.pgclient.Conninfo;
import io.cotidal.remote.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command lines of PostgreSQL's programs. */
final class PostgresPrograms {
  /** The superuser of every server: Cotidal's own. */
  static final String ADMINISTRATOR = "cotidal";

  /** In the name of the socket only. */
  private static final int SOCKET = 5432;

  /** What the kernel takes as the path of a socket. */
  private static final int LONGEST_SOCKET = 107;

  /** A few for each of several hundred copies. */
  private static final int SHARED_SESSIONS = 1_000;

  private static final int RESERVED_SESSIONS = 20;

  private PostgresPrograms() {}

  /** A server that clones of the folder are used through: on TCP with TLS, and nowhere else. */
  static List<String> serving(Installation installation, Place place) {
    List<String> line = base(installation, place);
    set(
        line,
        "listen_addresses=" + place.host(),
        "port=" + place.port(),
        "unix_socket_directories=",
        "ssl=on",
        "ssl_cert_file=" + place.certificate(),
        "ssl_key_file=" + place.key(),
        "hba_file=" + place.data().resolve("pg_hba.conf"));
    return line;
  }

  /** A server that many copies share, each of them a database. */
  static List<String> shared(Installation installation, Place place, boolean sharing) {
    List<String> line = serving(installation, place);
    set(
        line,
        "file_copy_method=" + (sharing ? "clone" : "copy"),
        "max_connections=" + SHARED_SESSIONS,
        // However many sessions users have, the control plane gets in.
        "superuser_reserved_connections=" + RESERVED_SESSIONS,
        // Each round starts a process in every database, and there may be hundreds.
        "autovacuum_naptime=5min");
    return line;
  }

  /** A server without network, whose socket lies where only its own user can reach it. */
  static List<String> isolated(Installation installation, Place place) {
    List<String> line = base(installation, place);
    set(
        line,
        "listen_addresses=",
        "port=" + SOCKET,
        "unix_socket_directories=" + place.run(),
        "unix_socket_permissions=0700",
        "ssl=off",
        "hba_file=" + isolatedRules(place),
        "wal_recycle=off",
        "max_logical_replication_workers=0");
    return line;
  }

  /** The settings of a server for a single user, who speaks to it through its standard input. */
  static List<String> alone(Installation installation, Place place) {
    List<String> line = base(installation, place);
    return line.subList(1, line.size());
  }

  static Path isolatedRules(Place place) {
    return place.run().resolve("isolated_hba.conf");
  }

  private static List<String> base(Installation installation, Place place) {
    List<String> line =
        new ArrayList<>(
            List.of(
                installation.server().resolve("postgres").toString(),
                "-D",
                place.data().toString()));
    set(
        line,
        "shared_buffers=" + Math.max(16, place.memoryMegabytes()) + "MB",
        "max_connections=50",
        "max_wal_senders=0",
        "wal_level=minimal",
        "archive_mode=off",
        "huge_pages=off",
        "wal_init_zero=off",
        "min_wal_size=32MB",
        "max_wal_size=256MB",
        // A copy is made anew from its template if the machine goes down, so it need not survive
        // that; a template is synced as a whole when it is frozen. Commits still reach the kernel,
        // so that the end of the process loses nothing.
        "fsync=off",
        "full_page_writes=off",
        "password_encryption=scram-sha-256",
        "logging_collector=off",
        "log_destination=stderr",
        // The log may hold errors, never the data of the statements that met them.
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        "log_statement=none",
        "log_min_duration_statement=-1");
    if (Postgres.major(installation.version()) >= 18) {
      // Spares three processes a copy.
      set(line, "io_method=sync");
    }
    return line;
  }

  /** Adds settings to a command line. */
  static void set(List<String> line, String... settings) {
    for (String setting : settings) {
      line.add("-c");
      line.add(setting);
    }
  }

  /**
   * A client program at the socket of the place.
   *
   * @param variables further environment
   */
  static Program client(
      Installation installation, Place place, List<String> arguments, Map<String, String> variables)
      throws EngineException {
    Path folder =
        installation
            .client()
            .orElseThrow(() ->
                new EngineException(
                    "no psql and pg_restore on this machine: install postgresql-client"));
    List<String> line = new ArrayList<>();
    line.add(folder.resolve(arguments.getFirst()).toString());
    line.addAll(arguments.subList(1, arguments.size()));
    TreeMap<String, String> environment = new TreeMap<>(variables);
    // No file of the user's may change what the client does.
    environment.put("HOME", "/nonexistent");
    environment.put("PSQLRC", "/dev/null");
    environment.put("PGOPTIONS", "-c client_min_messages=error");
    return new Program(line, environment, null, place.run(), Leftovers.user(place));
  }

  /** Where clients find the server, in a connection string. */
  static String connection(Place place, String user, String database) throws EngineException {
    String socket = place.run() + "/.s.PGSQL." + SOCKET;
    if (socket.length() > LONGEST_SOCKET) {
      throw new EngineException(
          "the path "
              + socket
              + " is longer than "
              + LONGEST_SOCKET
              + " characters, which no socket may be; choose a shorter volume");
    }
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", place.run().toString());
    parameters.put("port", Integer.toString(SOCKET));
    parameters.put("user", user);
    parameters.put("dbname", database);
    parameters.put("sslmode", "disable");
    parameters.put("connect_timeout", "10");
    return Conninfo.format(parameters);
  }
}
