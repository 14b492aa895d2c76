package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static io.cotidal.postgres.steps.TestCluster.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.losses.Loss;
import io.cotidal.postgres.losses.RowCounts;
import io.cotidal.postgres.reach.GateProgram;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.LossKeeping;
import io.cotidal.postgres.spec.Reach;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an old primary alone has, as the pg_waldump of PostgreSQL 15 reads it from a real log. */
@Timeout(180)
class KeepTailIT {
  private static final int MANY = 130;

  @TempDir Path state;
  private Path bin;

  @BeforeEach
  void installed() {
    Optional<Path> installed = PostgresBinaries.installed(15);
    assumeTrue(
        installed.isPresent() || System.getenv("CI") != null,
        "skipped: PostgreSQL 15 is not installed; apt-get install postgresql-15");
    bin = installed.orElseThrow();
  }

  private static void cutOff(TestCluster cluster, String table) {
    for (MemberId replica : List.of(B, C)) {
      await()
          .ignoreExceptions()
          .until(() -> {
            try (PgSession session = cluster.session(replica)) {
              return session.one(
                      "SELECT count(*) FROM " + table, TestCluster.QUERY, row -> row.getLong(1))
                  >= 0;
            }
          });
    }
    cluster.done(cluster.step(Acts.CUT_OFF, B));
    cluster.done(cluster.step(Acts.CUT_OFF, C));
  }

  private static void replace(TestCluster cluster) {
    cluster.done(cluster.step(Acts.FENCE, A));
    cluster.done(cluster.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));
  }

  private static Step keep(TestCluster cluster) {
    return cluster
        .step(Acts.KEEP_TAIL, A)
        .with(Acts.FROM, B)
        .with(Acts.ID, "20260101T000000Z-7")
        .with(Acts.AT, 1_767_225_600_000_000L)
        .with(Acts.TIMELINE, 3)
        .with(Acts.FORMER, true)
        .with(Acts.TWINS, false)
        .with(Acts.WAITED, false);
  }

  private static void tables(TestCluster cluster) throws PgException {
    try (PgSession session = cluster.session(A)) {
      session.run("CREATE SCHEMA shop", TestCluster.QUERY);
      session.run("CREATE TABLE shop.orders (id int PRIMARY KEY, note text)", TestCluster.QUERY);
      session.run(
          "CREATE TABLE shop.\"it;ems\" (id int PRIMARY KEY, note text)", TestCluster.QUERY);
      session.run("CREATE TABLE shop.emptied (id int)", TestCluster.QUERY);
      session.run(
          "INSERT INTO shop.\"it;ems\" SELECT g, 'old' FROM generate_series(1, 10) g",
          TestCluster.QUERY);
      session.run("INSERT INTO shop.emptied VALUES (1)", TestCluster.QUERY);
    }
  }

  /** Six transactions that change rows, one of catalogs and rows, and others that do not count. */
  private static void work(TestCluster cluster) throws Exception {
    try (PgSession session = cluster.session(A)) {
      session.run("INSERT INTO shop.orders VALUES (1, 'one')", TestCluster.QUERY);
      session.run(
          """
          DO $$ BEGIN
            INSERT INTO shop.orders VALUES (2, 'two');
            BEGIN INSERT INTO shop.orders VALUES (3, 'three'); EXCEPTION WHEN others THEN NULL; END;
            BEGIN
              INSERT INTO shop.orders VALUES (4, 'not');
              RAISE division_by_zero;
            EXCEPTION WHEN division_by_zero THEN NULL;
            END;
          END $$
          """,
          TestCluster.QUERY);
      session.run("BEGIN", TestCluster.QUERY);
      session.run("INSERT INTO shop.orders VALUES (99, 'rolled back')", TestCluster.QUERY);
      session.run("ROLLBACK", TestCluster.QUERY);
      session.run("DELETE FROM shop.\"it;ems\" WHERE id IN (1, 2)", TestCluster.QUERY);
      session.run(
          "UPDATE shop.\"it;ems\" SET note = repeat('toasted ', 9000) WHERE id > 7",
          TestCluster.QUERY);
      session.run("TRUNCATE shop.emptied", TestCluster.QUERY);
      session.copyIn(
          "COPY shop.orders FROM STDIN",
          new ByteArrayInputStream("50\ta\n51\tb\n52\tc\n".getBytes(StandardCharsets.UTF_8)),
          TestCluster.QUERY);
      session.run(
          "CREATE TABLE shop.fresh AS SELECT generate_series(1, 7) AS n", TestCluster.QUERY);
    }
  }

  @Test
  @DisplayName("postgres/S16: what an old primary alone has is counted by transaction and table")
  void counted() throws Exception {
    try (TestCluster cluster = new TestCluster(bin).up()) {
      tables(cluster);
      cutOff(cluster, "shop.emptied WHERE id = 1 HAVING count(*) = 1");
      work(cluster);
      replace(cluster);
      Details evidence = cluster.done(keep(cluster));
      Loss loss = new Loss(7, evidence);
      assertThat(loss.problem()).as(evidence.toString()).isEmpty();
      assertThat(evidence.need("transactions")).as(evidence.toString()).isEqualTo("7");
      assertThat(evidence.need("subtransactions")).isEqualTo("1");
      assertThat(loss.tables())
          .contains(
              new Loss.Table("shop.orders of postgres", new RowCounts(6, 0, 0, 0)),
              new Loss.Table("shop.\"it,ems\" of postgres", new RowCounts(0, 3, 2, 0)),
              new Loss.Table("shop.emptied of postgres", new RowCounts(0, 0, 0, 1)))
          .hasSize(4)
          .anyMatch(table ->
              table.name().matches("1663/[0-9]+/[0-9]+")
                  && table.counts().equals(new RowCounts(7, 0, 0, 0)));
      Path folder = Path.of(evidence.need("folder"));
      assertThat(folder)
          .isEqualTo(
              cluster.server(A).data().resolveSibling("data.lost").resolve("20260101T000000Z-7"));
      assertThat(Files.getPosixFilePermissions(folder))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.readAllLines(folder.resolve("transactions.tsv"))).hasSize(8);
      assertThat(Files.readString(folder.resolve("summary.json")))
          .contains("\"transactions\": \"7\"", "\"name\": \"shop.orders of postgres\"");
      assertThat(cluster.done(keep(cluster))).as("asked again").isEqualTo(evidence);

      cluster.done(cluster.step(Acts.REWIND, A).with(Acts.FROM, "b"));
      cluster.done(cluster.step(Acts.START, A).with(Acts.UPSTREAM, "b").with(Acts.STREAM, true));
      cluster.done(cluster.step(Acts.FENCE, A));
      Details after = cluster.done(keep(cluster).with(Acts.ID, "20260102T000000Z-8"));
      assertThat(new Loss(8, after).nothing()).as(after.toString()).isTrue();
      assertThat(folder.resolve("pg_wal")).isDirectoryContaining("glob:**/0000000*");
    }
  }

  @Test
  @DisplayName("A log of which a part is gone is told as not counted, and nothing fails")
  void gone() throws Exception {
    try (TestCluster cluster = new TestCluster(bin).up()) {
      tables(cluster);
      cutOff(cluster, "shop.emptied WHERE id = 1 HAVING count(*) = 1");
      work(cluster);
      replace(cluster);
      Path log = cluster.server(A).data().resolve("pg_wal");
      List<Path> segments = segments(log);
      for (Path segment : segments.subList(0, segments.size() - 1)) {
        Files.delete(segment);
      }
      // Recycled and empty: read as the end of the log, which its control file knows to be later.
      Files.write(segments.getLast(), new byte[16 << 20]);
      Loss loss = new Loss(7, cluster.done(keep(cluster)));
      assertThat(loss.nothing()).isFalse();
      assertThat(loss.problem()).isPresent();
      assertThat(loss.sentence()).contains("could not be counted, because");
    }
  }

  private static List<Path> segments(Path log) throws IOException {
    try (var files = Files.list(log)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
          .sorted()
          .toList();
    }
  }

  @Test
  @DisplayName("Over SSH the answer stays bounded, however many tables have lost something")
  void far() throws Exception {
    String missing = SshServer.missing().orElse("");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    ServerRegistry registry = ServerRegistry.open(state);
    SshServer ssh = SshServer.start(registry);
    ssh.install(GateProgram.text(), GateProgram::options);
    LossKeeping little = new LossKeeping(1 << 20, 10);
    try (TestCluster cluster =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> {
              ssh.member(name, GateProgram.member(places));
              return new Reach.Ssh(ssh.access());
            },
            practice -> practice.caring(Care.PLAIN.with(little)))) {
      cluster.up();
      many(cluster, "CREATE TABLE t%1$s (n int)");
      cutOff(cluster, "t130");
      many(cluster, "INSERT INTO t%1$s SELECT generate_series(1, %1$s)");
      replace(cluster);
      Details evidence = cluster.done(keep(cluster));
      Loss loss = new Loss(7, evidence);
      assertThat(loss.problem()).as(evidence.toString()).isEmpty();
      assertThat(evidence.need("transactions")).isEqualTo("" + MANY);
      assertThat(loss.tables()).hasSize(40);
      assertThat(loss.tables().getFirst())
          .isEqualTo(new Loss.Table("public.t130 of postgres", new RowCounts(MANY, 0, 0, 0)));
      assertThat(evidence.need("tables-more")).isEqualTo("90");
      assertThat(evidence.need("log")).startsWith("not kept: more than is to be kept");
      Path folder = Path.of(evidence.need("folder"));
      assertThat(folder.resolve("summary.json")).exists();
      assertThat(folder.resolve("pg_wal")).doesNotExist();
      cluster.done(cluster.step(Acts.CLONE, A).with(Acts.FROM, "b"));
      assertThat(folder.resolve("transactions.tsv")).as("after a copy").exists();
    } finally {
      ssh.stop();
      registry.close();
    }
  }

  private static void many(TestCluster cluster, String statement) throws PgException {
    try (PgSession session = cluster.session(A)) {
      for (int i = 1; i <= MANY; i++) {
        session.run(statement.formatted(i), TestCluster.QUERY);
      }
    }
  }
}
