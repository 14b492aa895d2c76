package io.cotidal.feeds.report;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.StoreServer;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real master with its three tables, and a replica's queue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReportsLab {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  static final Duration SOON = Duration.ofSeconds(20);
  static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  /** As Django makes them: the name is not unique, and columns have no defaults. */
  static final String TABLES =
      """
      DROP SCHEMA IF EXISTS "Borg master" CASCADE;
      CREATE SCHEMA "Borg master";
      CREATE TABLE "Borg master".monitor_slaveserver (
        id serial PRIMARY KEY, name varchar(64) NOT NULL, listen_channels varchar(255) NOT NULL,
        register_time timestamptz, last_poll_time timestamptz, last_sync_time timestamptz,
        last_sync_message text, code_version varchar(32));
      CREATE TABLE "Borg master".monitor_publishsyncstatus (
        id serial PRIMARY KEY,
        slave_server_id integer NOT NULL REFERENCES "Borg master".monitor_slaveserver
          DEFERRABLE INITIALLY DEFERRED,
        publish varchar(255) NOT NULL, spatial_type varchar(255), deploied_job_id integer,
        deploied_job_batch_id varchar(64), deploy_message text, deploy_time timestamp,
        preview_file varchar(100), sync_job_id integer, sync_job_batch_id varchar(64),
        sync_message varchar(40), sync_time timestamptz, UNIQUE (slave_server_id, publish));
      CREATE TABLE "Borg master".monitor_tasksyncstatus (
        id serial PRIMARY KEY,
        slave_server_id integer NOT NULL REFERENCES "Borg master".monitor_slaveserver
          DEFERRABLE INITIALLY DEFERRED,
        task_type varchar(255) NOT NULL, task_name varchar(255) NOT NULL,
        action varchar(32) NOT NULL, preview_file varchar(100), sync_succeed boolean NOT NULL,
        sync_message text, sync_time timestamptz,
        UNIQUE (slave_server_id, task_type, task_name, action));
      GRANT USAGE ON SCHEMA "Borg master" TO cotidal;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "Borg master" TO cotidal;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA "Borg master" TO cotidal;
      """;

  ServerRegistry registry;
  StoreServer server;
  @TempDir Path folder;

  @BeforeAll
  void start() throws Exception {
    registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    server =
        StoreServer.start(registry, PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
  }

  @AfterAll
  void end() throws Exception {
    registry.close();
  }

  @BeforeEach
  void tables() throws Exception {
    server.execute(StoreServer.NAME, TABLES);
    if (Files.exists(folder.resolve("queue"))) {
      Durable.empty(folder.resolve("queue"));
    }
  }

  FeedsSpec.Status status(String replica, Secret password) {
    return new FeedsSpec.Status(
        replica,
        "127.0.0.1",
        server.port(),
        StoreServer.NAME,
        "Borg master",
        StoreServer.NAME,
        Optional.of(password));
  }

  Reports reports() throws ReportException {
    return new Reports(status("perth \"1\"'", server.password()), folder.resolve("queue"));
  }

  static Delivery deliver(Reports reports) throws InterruptedException {
    return reports.deliver(Deadline.in(SOON));
  }

  List<String> rows(String query) throws Exception {
    Login login =
        new Login(
            "127.0.0.1", server.port(), StoreServer.NAME, StoreServer.NAME, server.password(), "t");
    try (PgSession session = PgSession.open(login, SOON)) {
      session.run("SET search_path = \"Borg master\"", SOON);
      session.run("SET TIME ZONE 'UTC'", SOON);
      return session.all(
          query,
          SOON,
          row -> {
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              String cell = row.getString(i);
              if (cell != null) {
                cells.add(cell);
              }
            }
            return String.join("|", cells);
          });
    }
  }

  List<String> everything() throws Exception {
    List<String> all = new ArrayList<>(rows("SELECT * FROM monitor_slaveserver"));
    all.addAll(rows("SELECT * FROM monitor_publishsyncstatus"));
    all.addAll(rows("SELECT * FROM monitor_tasksyncstatus"));
    return all;
  }

  static void copy(Path from, Path to) throws Exception {
    Files.createDirectory(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
