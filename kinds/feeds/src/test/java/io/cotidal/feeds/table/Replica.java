package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A master's database and a replica's, in one server, and the replica's tables. */
final class Replica implements AutoCloseable {
  static final Body.Schemas SITES = new Body.Schemas("sites", "sites_data", "sites_outdated");
  static final Target PARCELS = new Target(SITES, "parcels");
  static final Duration LOCK_WAIT = Duration.ofMillis(300);

  private final ServerRegistry registry;
  private final Path folder;
  final PostgisServer server;
  final Tables tables;

  private Replica(ServerRegistry registry, Path folder, PostgisServer server) {
    this.registry = registry;
    this.folder = folder;
    this.server = server;
    this.tables = new Tables(database(server), new LocalProcesses(), folder);
  }

  static FeedsSpec.Database database(PostgisServer server) {
    return new FeedsSpec.Database(
        "127.0.0.1",
        server.port(),
        "replica",
        "publish",
        PostgisServer.ADMINISTRATOR,
        Optional.of(server.password()),
        Optional.empty(),
        1,
        1L << 30,
        LOCK_WAIT);
  }

  static Replica start(Path folder) throws Exception {
    ServerRegistry registry = ServerRegistry.open(Files.createDirectories(folder.resolve("state")));
    PostgisServer server = PostgisServer.start(registry);
    server.createDatabase("master", true);
    server.createDatabase("replica", false);
    server.execute("master", "CREATE SCHEMA sites_data");
    Replica replica =
        new Replica(registry, Files.createDirectories(folder.resolve("scratch")), server);
    replica.tables.prepare(workspace(Body.Access.EVERYBODY), soon());
    return replica;
  }

  static Body.Workspace workspace(Body.Access access) {
    return new Body.Workspace(SITES, access, true, true);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  void master(String sql) throws SQLException {
    server.execute("master", sql);
  }

  void replica(String sql) throws SQLException {
    server.execute("replica", sql);
  }

  /** The sample table with that many rows, whose remark is {@code note}. */
  void parcels(int rows, String note) throws SQLException {
    master(
        """
        DROP TABLE IF EXISTS sites_data.parcels CASCADE;
        CREATE TABLE sites_data.parcels (ogc_fid serial PRIMARY KEY, name varchar(40) NOT NULL,
          area double precision CHECK (area >= 0), note text DEFAULT 'it''s new',
          at timestamp with time zone DEFAULT now(), geom geometry(Polygon,28350),
          shout text GENERATED ALWAYS AS (upper(note COLLATE "C")) STORED);
        INSERT INTO sites_data.parcels (name, area, note, geom)
          SELECT 'parcel ' || i, i, '%s', ST_MakeEnvelope(i, i, i + 1, i + 1, 28350)
          FROM generate_series(1, %d) i;
        CREATE INDEX parcels_geom ON sites_data.parcels USING gist (geom);
        CREATE INDEX parcels_name ON sites_data.parcels (lower(name)) WHERE area > 1;
        COMMENT ON TABLE sites_data.parcels IS 'Parcels; all of them';
        """
            .formatted(note, rows));
  }

  /** The master's dump of {@code table}. */
  Path dump(String table) throws IOException {
    Path file = Files.createTempFile(folder, "dump", ".db");
    server.dump("master", "sites_data." + table, file);
    return file;
  }

  Staged stage(String generation) throws Exception {
    return stage(dump("parcels"), generation);
  }

  Staged stage(Path dump, String generation) throws TableException, InterruptedException {
    return tables.stage(new Stage(PARCELS, dump, generation, "of " + generation), soon());
  }

  /** Dumps, stages and swaps. */
  Swapped publish(String generation) throws Exception {
    stage(generation);
    return tables.swap(PARCELS, generation, soon());
  }

  /** The first column of all rows. */
  List<String> read(String sql) throws SQLException {
    try (Connection connection = server.connect("replica");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }

  /** Tables and sequences of the data schema. */
  List<String> relations() throws SQLException {
    return read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'sites_data'::regnamespace"
            + " AND relkind IN ('r', 'S') ORDER BY 1");
  }

  Path folder() {
    return folder;
  }

  /** As it was before anything was published. */
  void clear() throws Exception {
    replica(
        """
        DROP SCHEMA sites CASCADE; DROP SCHEMA sites_data CASCADE; DROP SCHEMA publish CASCADE;
        DROP SCHEMA sites_outdated CASCADE;
        """);
    tables.prepare(workspace(Body.Access.EVERYBODY), soon());
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
