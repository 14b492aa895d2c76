package io.cotidal.bench;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.table.Stage;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A PostGIS server with a master's database, a replica's, and one that the other way publishes in.
 * All of it goes when it is closed.
 */
final class FeedsGround implements AutoCloseable {
  static final String MASTER = "master";
  static final String REPLICA = "replica";
  static final String RIVAL = "rival";
  static final Body.Schemas SITES = new Body.Schemas("sites", "sites_data", "sites_outdated");
  static final Target PARCELS = new Target(SITES, "parcels");

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final ServerRegistry registry;
  private final Path folder;
  private final PostgisServer postgis;
  private final Tables tables;
  private final Map<String, String> environment;

  private FeedsGround(ServerRegistry registry) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("bench");
    this.postgis = PostgisServer.start(registry);
    this.tables =
        new Tables(
            database(postgis.port(), postgis.password()),
            new LocalProcesses(),
            Files.createDirectories(folder.resolve("scratch")));
    Path passwords = folder.resolve("pgpass");
    Files.createFile(
        passwords,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        passwords,
        "127.0.0.1:%d:*:%s:%s%n"
            .formatted(postgis.port(), PostgisServer.ADMINISTRATOR, postgis.password().reveal()));
    this.environment = Map.of("PGPASSFILE", passwords.toString());
  }

  /** Starts one with these databases, each with PostGIS. */
  static FeedsGround open(List<String> databases) throws BenchProblem, IOException, SQLException {
    Optional<String> missing = PostgisServer.missing();
    if (missing.isPresent()) {
      throw new BenchProblem(missing.get());
    }
    ServerRegistry registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    try {
      FeedsGround ground = new FeedsGround(registry);
      for (String each : databases) {
        ground.postgis.createDatabase(each, true);
      }
      return ground;
    } catch (IOException | SQLException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** One with all three, whose schemas are there, and a table of so many rows at the master. */
  static FeedsGround withParcels(long rows) throws BenchProblem, IOException, SQLException {
    FeedsGround ground = open(List.of(MASTER, REPLICA, RIVAL));
    try {
      for (String each : List.of(MASTER, RIVAL)) {
        ground.execute(
            each, "CREATE SCHEMA sites; CREATE SCHEMA sites_data; CREATE SCHEMA sites_outdated");
      }
      ground.parcels(rows);
      ground.tables.prepare(
          new Body.Workspace(SITES, Body.Access.EVERYBODY, true, true), ground.deadline());
      return ground;
    } catch (SQLException | RuntimeException e) {
      ground.close();
      throw e;
    } catch (TableException e) {
      ground.close();
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      ground.close();
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  /** The replica's database as a specification has it. */
  static FeedsSpec.Database database(int port, Secret password) {
    return new FeedsSpec.Database(
        "127.0.0.1",
        port,
        REPLICA,
        "publish",
        PostgisServer.ADMINISTRATOR,
        Optional.of(password),
        Optional.of(PostgisServer.bin()),
        1,
        100L << 30,
        Duration.ofMillis(500));
  }

  /**
   * Polygons of 17 points with a primary key and two more indexes, about 370 MB of heap a million.
   * Neighbours lie near each other, and each has its own place and size: what repeats itself would
   * be packed into nothing.
   */
  private void parcels(long rows) throws SQLException {
    execute(
        MASTER,
        """
        CREATE TABLE sites_data.parcels (id integer PRIMARY KEY, name varchar(40),
          val bigint NOT NULL, geom geometry(Polygon,4326));
        SELECT setseed(0.4);
        INSERT INTO sites_data.parcels SELECT g, 'parcel ' || g, g::bigint * 7919 %% 100000,
          ST_Buffer(ST_SetSRID(ST_MakePoint(115 + (g %% %2$d + random()) / %2$d,
            -35 + (g / %2$d + random()) / %2$d), 4326), (0.2 + random() / 5) / %2$d, 4)
          FROM generate_series(1, %1$d) g;
        CREATE INDEX parcels_geom ON sites_data.parcels USING gist (geom);
        CREATE INDEX parcels_val ON sites_data.parcels (val);
        """
            .formatted(rows, Math.max(1, Math.round(Math.sqrt((double) rows)))));
  }

  ServerRegistry registry() {
    return registry;
  }

  PostgisServer postgis() {
    return postgis;
  }

  Tables tables() {
    return tables;
  }

  /** For files of a measurement. */
  Path folder() {
    return folder;
  }

  Deadline deadline() {
    return Deadline.in(PATIENCE);
  }

  /** A connection that waits for answers as long as they take; the caller's to close. */
  Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", PostgisServer.ADMINISTRATOR);
    properties.setProperty("password", postgis.password().reveal());
    properties.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + postgis.port() + "/" + database, properties);
  }

  /** Runs statements, however long they take. */
  void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The one number that a query gives. */
  long number(String database, String sql) throws SQLException, BenchProblem {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new BenchProblem("no row: " + sql);
      }
      return rows.getLong(1);
    }
  }

  /** What was written before is on the disk; nobody pays for it later. */
  void settle() throws SQLException {
    execute(PostgisServer.ADMINISTRATOR, "CHECKPOINT");
  }

  /** The master's dump of a table, in the custom format with that compression. */
  Path dump(String table, int compression) throws BenchProblem, IOException {
    Path file = folder.resolve(table + ".db");
    client(
        "pg_dump",
        MASTER,
        List.of(
            "-b",
            "-E",
            "utf-8",
            "-F",
            "c",
            "-Z",
            Integer.toString(compression),
            "-O",
            "-t",
            "sites_data." + table,
            "-f",
            file.toString()));
    return file;
  }

  /** Runs one of PostgreSQL's programs with a database, as the original does. */
  void client(String program, String database, List<String> options)
      throws BenchProblem, IOException {
    List<String> line = new ArrayList<>();
    line.add(PostgisServer.bin().resolve(program).toString());
    line.addAll(List.of("-w", "-h", "127.0.0.1", "-p", Integer.toString(postgis.port())));
    line.addAll(List.of("-U", PostgisServer.ADMINISTRATOR, "-d", database));
    line.addAll(options);
    long _ = Command.run(Program.of("", line).with(environment));
  }

  /** {@code pg_restore} with the original's options. */
  void restore(Path dump) throws BenchProblem, IOException {
    client(
        "pg_restore", RIVAL, List.of("-O", "-x", "--no-tablespaces", "-F", "c", dump.toString()));
  }

  /** Something that a replica's tables are asked to do. */
  @FunctionalInterface
  interface Work {
    void on(Tables tables) throws TableException, InterruptedException;
  }

  /** Microseconds that it took. */
  long micros(Work work) throws BenchProblem {
    long begun = System.nanoTime();
    try {
      work.on(tables);
      return (System.nanoTime() - begun) / 1_000;
    } catch (TableException e) {
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  /** Microseconds until a dump is a generation that nobody sees yet. */
  long stage(Path dump, String generation) throws BenchProblem {
    return micros(
        at -> at.stage(new Stage(PARCELS, dump, generation, "of " + generation), deadline()));
  }

  /** Microseconds until readers see a generation. */
  long swap(String generation) throws BenchProblem {
    return micros(at -> at.swap(PARCELS, generation, deadline()));
  }

  /** Microseconds until all but the served generation and so many before it are gone. */
  long trim(int keep) throws BenchProblem {
    return micros(at -> at.trim(keep, Long.MAX_VALUE, deadline()));
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
