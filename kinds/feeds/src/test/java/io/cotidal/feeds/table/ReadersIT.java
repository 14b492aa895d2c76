package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgisServer;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS, with readers on it. */
@Timeout(60)
@DisplayName("Readers of a table that is published")
class ReadersIT {
  private static final int READERS = 8;
  private static final int PUBLISHES = 20;

  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  @BeforeEach
  void anew() throws Exception {
    replica.clear();
    replica.parcels(2000, "one");
    replica.publish("g0");
  }

  /** Reads until it is told to stop. */
  private static final class Reader implements Runnable {
    private final AtomicBoolean stop;
    private final String view;
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

    Reader(AtomicBoolean stop) {
      this(stop, "sites.parcels");
    }

    Reader(AtomicBoolean stop, String view) {
      this.stop = stop;
      this.view = view;
    }

    @Override
    public void run() {
      try (Connection connection = replica.server.connect("replica");
          Statement statement = connection.createStatement()) {
        while (!stop.get()) {
          long began = System.nanoTime();
          try (ResultSet rows =
              statement.executeQuery(
                  "SELECT count(*) FROM "
                      + view
                      + " WHERE geom && ST_MakeEnvelope(10, 10, 90, 90, 28350)")) {
            rows.next();
            if (rows.getInt(1) != 82) {
              errors.add("read " + rows.getInt(1) + " rows");
            }
          } catch (SQLException e) {
            errors.add(e.getSQLState() + " " + e.getMessage());
          }
          nanos.add(System.nanoTime() - began);
        }
      } catch (SQLException e) {
        errors.add(e.getMessage());
      }
    }
  }

  @Test
  @DisplayName("feeds/S9: eight readers see no error while it is published twenty times")
  void noErrors() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Reader> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      Reader reader = new Reader(stop);
      readers.add(reader);
      threads.add(Thread.ofPlatform().start(reader));
    }
    Path dump = replica.dump("parcels");
    for (int i = 1; i <= PUBLISHES; i++) {
      replica.stage(dump, "g" + i);
      replica.tables.swap(Replica.PARCELS, "g" + i, Replica.soon());
      replica.tables.trim(1, Long.MAX_VALUE, Replica.soon());
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(20));
    }
    List<Long> nanos = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Reader reader : readers) {
      nanos.addAll(reader.nanos);
      errors.addAll(reader.errors);
    }
    Collections.sort(nanos);
    System.out.printf(
        "readers of 20 publishes: %d queries, p99 %.1f ms, longest %.1f ms%n",
        nanos.size(), nanos.get(nanos.size() * 99 / 100) / 1e6, nanos.getLast() / 1e6);
    assertThat(errors).isEmpty();
    assertThat(nanos).hasSizeGreaterThan(PUBLISHES * READERS);
    assertThat(replica.relations()).hasSize(4);
  }

  @Test
  @DisplayName(
      "feeds/S16: readers of it and of views upon it see no error while its columns change")
  void columnsChange() throws Exception {
    replica.replica(
        """
        CREATE VIEW sites.upon AS SELECT geom, area FROM sites.parcels;
        CREATE VIEW sites.upper AS SELECT u.geom FROM sites.upon u
          JOIN sites.parcels p ON p.area = u.area AND p.geom = u.geom;
        """);
    replica.master("ALTER TABLE sites_data.parcels DROP COLUMN note CASCADE");
    replica.stage("g1");
    AtomicBoolean stop = new AtomicBoolean();
    List<Reader> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (String view : List.of("sites.parcels", "sites.upon", "sites.upper", "sites.upper")) {
      Reader reader = new Reader(stop, view);
      readers.add(reader);
      threads.add(Thread.ofPlatform().start(reader));
    }
    for (int i = 0; i < 10; i++) {
      Swapped swapped =
          replica.tables.swap(Replica.PARCELS, i % 2 == 0 ? "g1" : "g0", Replica.soon());
      assertThat(swapped.remade()).isTrue();
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(20));
    }
    for (Reader reader : readers) {
      assertThat(reader.errors).as(reader.view).isEmpty();
      assertThat(reader.nanos).isNotEmpty();
    }
  }

  @Test
  @DisplayName(
      "feeds/S10: one that reads for long is waited for, and others do not queue behind us")
  void longReader() throws Exception {
    replica.stage("g1");
    try (Connection connection = replica.server.connect("replica");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeQuery("SELECT count(*) FROM sites.parcels").close();
      long began = System.nanoTime();
      TableException busy =
          catchThrowableOfType(
              TableException.class,
              () -> replica.tables.swap(Replica.PARCELS, "g1", Deadline.in(Duration.ofSeconds(2))));
      assertThat(busy).isNotNull();
      assertThat(busy.kind()).isEqualTo(TableException.Kind.BUSY);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      FutureTask<Swapped> swap =
          new FutureTask<>(() -> replica.tables.swap(Replica.PARCELS, "g1", Replica.soon()));
      Thread.ofVirtual().start(swap);
      AtomicBoolean stop = new AtomicBoolean();
      Reader reader = new Reader(stop);
      Thread others = Thread.ofPlatform().start(reader);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> List.copyOf(reader.nanos).stream().filter(n -> n > 100_000_000L).count() > 2);
      assertThat(swap.isDone()).isFalse();
      connection.rollback();
      assertThat(swap.get().previous()).contains("g0");
      stop.set(true);
      others.join(Duration.ofSeconds(10));
      assertThat(reader.errors).isEmpty();
      assertThat(Collections.max(reader.nanos))
          .isLessThan(Replica.LOCK_WAIT.plusSeconds(2).toNanos());
    }
  }

  @Test
  @DisplayName("feeds/S13: what broke off is begun anew under the same word, and leaves nothing")
  void brokenOff() throws Exception {
    replica.parcels(60_000, "two");
    Path dump = replica.dump("parcels");
    FutureTask<Staged> attempt = new FutureTask<>(() -> replica.stage(dump, "g1"));
    Thread thread = Thread.ofVirtual().start(attempt);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            replica
                .read("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%'")
                .equals(List.of("1")));
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    replica.replica("CREATE TABLE sites_data.parcels__g2 (half int)");
    replica.replica(
        """
        INSERT INTO publish.cotidal_generation VALUES ('sites_data', 'parcels__g2', 'sites',
          'parcels', 'g2', 'x', 0, 0, false, false, '')
        """);
    assertThat(replica.tables.served(Replica.soon()).leftovers())
        .extracting(Shown.Leftover::generation)
        .containsExactly("g2");
    assertThat(replica.stage(dump, "g2").rows()).isEqualTo(60_000);
    assertThat(replica.stage(dump, "g1").rows()).isEqualTo(60_000);
    assertThat(replica.tables.served(Replica.soon()).leftovers()).hasSize(2);
    replica.tables.drop(Replica.PARCELS, "g1", Replica.soon());
    assertThat(replica.tables.swap(Replica.PARCELS, "g2", Replica.soon()).previous())
        .contains("g0");
    assertThat(replica.tables.served(Replica.soon()).leftovers()).isEmpty();
  }

  @Test
  @DisplayName("the database away, or silent: nobody can tell")
  void away() throws Exception {
    replica.server.processes().freeze();
    try {
      TableException silent =
          catchThrowableOfType(
              TableException.class,
              () -> replica.tables.served(Deadline.in(Duration.ofSeconds(1))));
      assertThat(silent).isNotNull();
      assertThat(silent.kind()).isEqualTo(TableException.Kind.UNREACHABLE);
    } finally {
      replica.server.processes().thaw();
    }
    assertThat(replica.tables.served(Replica.soon()).served()).hasSize(1);
  }
}
