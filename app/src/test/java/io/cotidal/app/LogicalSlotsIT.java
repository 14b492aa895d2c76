package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader of a logical slot of PostgreSQL 17, while the primary changes. */
@Timeout(300)
final class LogicalSlotsIT {
  private static final Path CACHE =
      Path.of(System.getProperty("java.io.tmpdir")).resolve("cotidal-postgres");
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final Duration SECONDS = Duration.ofSeconds(10);
  private static final Pattern INSERTED = Pattern.compile("INSERT: id\\[integer\\]:(\\d+)");

  private ClusterLab lab;
  private OrdersDaemon orders;
  private int written;

  /** What the reader has, in order; like a subscriber it knows how far it got. */
  private final List<Integer> read = new ArrayList<>();

  private long readTo;

  private record Change(long at, String text) {}

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open(PostgresBinaries.of(Path.of("target", "postgres", "17.jar"), CACHE));
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("    settings:\n", "    slots: {logical: true}\n    settings:\n"));
    orders = OrdersDaemon.start(lab.configuration());
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  private PgSession session(String member) throws PgException {
    DemoCluster cluster = lab.cluster();
    return PgSession.open(
        new Login(
            "127.0.0.1",
            cluster.member(member).port(),
            "postgres",
            cluster.login().user(),
            cluster.login().password(),
            "test"),
        SECONDS);
  }

  private String sql(String query) throws PgException {
    return sql(orders.leader(), query);
  }

  private String sql(String member, String query) throws PgException {
    try (PgSession session = session(member)) {
      return session.one(query, SECONDS, row -> String.valueOf(row.getString(1)));
    }
  }

  private void run(String statement) throws PgException {
    try (PgSession session = session(orders.primary())) {
      session.run(statement, SECONDS);
    }
  }

  private void write(int more) throws PgException {
    for (int i = 0; i < more; i++) {
      run("INSERT INTO changes VALUES (" + ++written + ")");
    }
  }

  /** Reads what comes, and leaves out what it has read before its slot was told so. */
  private void read() throws PgException {
    List<Change> changes;
    try (PgSession session = session(orders.primary())) {
      changes =
          session.all(
              """
              SELECT (lsn - '0/0'::pg_lsn)::bigint AS at, data
              FROM pg_logical_slot_get_changes('reader', NULL, NULL)
              """,
              SECONDS,
              row -> new Change(row.getLong(1), row.getString(2)));
    }
    for (Change change : changes) {
      Matcher inserted = INSERTED.matcher(change.text());
      if (inserted.find() && change.at() > readTo) {
        read.add(Integer.parseInt(inserted.group(1)));
        readTo = change.at();
      }
    }
  }

  /** Writes and reads until everything that was written was read, each once. */
  private void goesOn() throws PgException {
    write(5);
    read();
    assertThat(read)
        .as(orders::story)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, written).boxed().toList());
  }

  private void awaitCopies(String... members) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          goesOn();
          assertThat(orders.view().guarantee())
              .as(orders::story)
              .startsWith("zero loss")
              .endsWith("; logical slots survive a change of primary");
          for (String member : members) {
            assertThat(
                    sql(
                        member,
                        "SELECT bool_and(synced) FROM pg_replication_slots"
                            + " WHERE slot_name = 'reader' AND NOT temporary"))
                .as(member)
                .isEqualTo("t");
          }
        });
  }

  @Test
  @DisplayName("postgres/S30: a reader goes on from a copy of its slot, nothing lost or doubled")
  void survives() throws Exception {
    run("CREATE TABLE changes (id integer PRIMARY KEY)");
    run("CREATE PUBLICATION news FOR TABLE changes");
    sql("SELECT slot_name FROM pg_create_logical_replication_slot('plain', 'pgoutput')");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.view().guarantee())
                .contains("plain does not survive: it is not marked for failover"));
    sql("SELECT pg_drop_replication_slot('plain')");
    sql(
        "SELECT slot_name FROM pg_create_logical_replication_slot"
            + "('reader', 'test_decoding', false, false, true)");
    awaitCopies("b", "c");
    assertThat(sql("SHOW synchronized_standby_slots")).isEqualTo("b,c");

    orders.ask("switchover", Details.of("to", "b"));
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo("b");
    goesOn();
    // The slot of the former primary stands in the way of a copy, and goes.
    awaitCopies("a", "c");

    lab.cluster().processes("b").kill();
    await().atMost(LONG).until(() -> List.of("a", "c").contains(orders.primary()));
    goesOn();
    assertThat(sql("SELECT count(*) FROM pg_publication WHERE pubname = 'news'")).isEqualTo("1");
  }
}
