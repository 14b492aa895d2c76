package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three real members that archive into a folder. */
@Timeout(240)
final class ArchiveIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final Duration SECOND = Duration.ofSeconds(5);

  private ClusterLab lab;
  private OrdersDaemon orders;
  private Path archive;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    archive = Files.createDirectory(lab.cluster().folder().resolve("the archive"));
    Optional<OsUser> account = new LocalProcesses().user(lab.cluster().user());
    if (account.isPresent()) {
      account.get().own(archive);
    }
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "    settings:\n",
                "    slots: {warn: 20MiB, critical: 1GiB}\n"
                    + "    archive: {folder: \"%s\", patience: 1s}\n    settings:\n"
                        .formatted(archive)));
    orders = OrdersDaemon.start(lab.configuration());
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  private String sql(String member, String query) throws PgException {
    DemoCluster cluster = lab.cluster();
    Login login =
        new Login(
            "127.0.0.1",
            cluster.member(member).port(),
            "postgres",
            cluster.login().user(),
            cluster.login().password(),
            "test");
    try (PgSession session = PgSession.open(login, SECOND)) {
      return session.one(query, SECOND, row -> String.valueOf(row.getString(1)));
    }
  }

  /** Fills segments on the primary; the name of the last one that is full. */
  private String fill(int segments) throws PgException {
    String name = "";
    for (int i = 0; i < segments; i++) {
      sql(orders.leader(), "SELECT txid_current()::text");
      name = sql(orders.leader(), "SELECT pg_walfile_name(pg_switch_wal())");
    }
    return name;
  }

  private List<String> archived() throws IOException {
    try (var files = Files.list(archive)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void awaitArchived(String name) {
    await().atMost(LONG).untilAsserted(() -> assertThat(archived()).contains(name));
  }

  @Test
  @DisplayName(
      "postgres/S25, postgres/S28: a drifted script is put right; after a failover the new timeline"
          + " is archived, and a replica fetches from there")
  void timelines() throws Exception {
    awaitArchived(fill(2));
    orders.done("archive-check", Details.NONE);

    Path script = lab.cluster().folder().resolve("b.gate/archive");
    String wanted = Files.readString(script);
    Files.writeString(script, wanted + "# somebody was here\n");
    await().atMost(LONG).untilAsserted(() -> assertThat(script).hasContent(wanted));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.newest("archive").map(Operation::reason))
                .as(orders::story)
                .hasValueSatisfying(
                    reason -> assertThat(reason).contains("b: its archive script")));
    orders.awaitWhole();

    String old = orders.primary();
    lab.cluster().processes(old).kill();
    await()
        .atMost(LONG)
        .until(() -> !orders.primary().equals(old) && !orders.primary().equals("none"));
    orders.awaitWhole();
    String newer = fill(2);
    awaitArchived(newer);
    assertThat(archived()).contains(newer.substring(0, 8) + ".history");
    orders.done("archive-check", Details.NONE);
    assertThat(Files.exists(mark(old))).isFalse();
    assertThat(Files.exists(mark(orders.leader()))).isTrue();

    // What lies there is older than it seems; what a member may still ask for stays.
    for (String name : archived()) {
      Files.setLastModifiedTime(
          archive.resolve(name), FileTime.from(Instant.now().minusSeconds(7200)));
    }
    fill(1);
    Operation expired = orders.done("archive-expire", Details.of("older-than", "1h"));
    String kept = expired.step("choose").orElseThrow().evidence().need("before");
    assertThat(archived()).contains(newer.substring(0, 8) + ".history");
    assertThat(archived().stream().filter(name -> name.length() == 24))
        .allSatisfy(
            name -> assertThat(name.substring(8)).isGreaterThanOrEqualTo(kept.substring(8)));
    // A check goes as far as the newest that was archived.
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(sql(orders.leader(), "SELECT last_archived_wal FROM pg_stat_archiver"))
                .as(() -> archiver() + "\n" + names() + "\n" + orders.story())
                .isGreaterThan(newer));
    Files.delete(archive.resolve(newer));
    Operation check = orders.ended(orders.ask("archive-check", Details.NONE));
    assertThat(check.state()).isEqualTo(OperationState.FAILED);
    assertThat(check.note()).as(orders::story).contains("lacks " + newer);
  }

  private String names() {
    try {
      return String.join(" ", archived());
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String archiver() {
    try {
      return sql(orders.leader(), "SELECT row_to_json(a)::text FROM pg_stat_archiver AS a");
    } catch (PgException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Path mark(String member) {
    return lab.cluster().folder().resolve(member + ".gate/archiving");
  }

  @Test
  @DisplayName(
      "postgres/S20, postgres/S25: an archive that is gone and a slot that keeps too much are said;"
          + " without the archive a replica is copied and follows all the same")
  void alarms() throws Exception {
    awaitArchived(fill(1));
    Path away = archive.resolveSibling("away");
    Files.move(archive, away);
    fill(1);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.view().diagnosis().code()).as(orders::story).isEqualTo("log-piles-up");
          assertThat(orders.view().diagnosis().sentence())
              .contains("the archive does not take the log");
        });
    orders.done("rejoin", Details.of("member", "b").with("way", "clone"));
    Files.move(away, archive);
    // The archiver, having failed, would wait a minute; the next full segment wakes it.
    fill(1);
    orders.awaitWhole();

    lab.cluster().processes("c").freeze();
    for (int i = 0; i < 3; i++) {
      sql(
          orders.primary(),
          "SELECT max(pg_logical_emit_message(false, 'x', repeat('x', 1000000)))::text"
              + " FROM generate_series(1, 10)");
      fill(1);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.view().diagnosis().code()).as(orders::story).isEqualTo("log-piles-up");
          assertThat(orders.view().diagnosis().sentence()).contains("the slot of c keeps much log");
        });
    lab.cluster().processes("c").thaw();
    orders.awaitWhole();

    orders.done("archive-stop", Details.NONE);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          for (String member : List.of("a", "b", "c")) {
            assertThat(sql(member, "SELECT current_setting('archive_command')")).isEmpty();
          }
        });
    String waiting = fill(1);
    assertThat(orders.view().diagnosis().sentence()).contains("archiving is stopped");
    assertThat(archived()).doesNotContain(waiting);
    orders.done("archive-start", Details.NONE);
    awaitArchived(waiting);
    orders.awaitWhole();
  }
}
