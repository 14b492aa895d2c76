package io.cotidal.app.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.LeaseRow;
import io.cotidal.engine.LeaseRow.Lease;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.StoreServer;
import io.cotidal.runtime.Election;
import io.cotidal.runtime.LeaseElection;
import io.cotidal.runtime.SystemClock;
import io.cotidal.store.SqlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The lease row of a store in a real PostgreSQL server, each test in a database of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeaseElectionIT extends ElectionConformance {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final Duration LONG = Duration.ofSeconds(30);

  private ServerRegistry home;
  private StoreServer server;
  private int databases;
  private String database;

  @BeforeAll
  void start() throws Exception {
    home = ServerRegistry.open(StateFolder.ofUser());
    server = StoreServer.start(home, PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
  }

  @AfterAll
  void end() throws Exception {
    home.close();
  }

  @Override
  void prepare(ServerRegistry lab) throws Exception {
    if (!server.processes().running()) {
      server.again();
    }
    database = "election" + ++databases;
    server.createDatabase(database);
  }

  @Override
  List<String> ticket(String name) {
    return List.of(
        "lease", Integer.toString(server.port()), database, server.password().reveal(), name);
  }

  @Override
  Duration round() {
    return Contender.LIFE;
  }

  @Override
  boolean replacesFrozen() {
    return true;
  }

  private SqlStore store() {
    return SqlStore.open(Contender.address(server.port(), database), server.password());
  }

  private static LeaseRow.Candidate candidate(String name, Duration life) {
    return new LeaseRow.Candidate(name, "http://" + name, life);
  }

  @Test
  @DisplayName("the row changes by compare-and-set alone, and its epoch only rises")
  void compareAndSet() {
    LeaseRow.Candidate ann = candidate("ann", Duration.ofMinutes(1));
    LeaseRow.Candidate bob = candidate("bob", Duration.ofMillis(1));
    try (SqlStore store = store();
        LeaseRow row = store.lease(Contender.LIFE).orElseThrow()) {
      Lease free = row.read();
      assertThat(free.holder()).isEmpty();
      Lease taken = row.take(free, ann).orElseThrow();
      assertThat(taken.epoch()).isEqualTo(free.epoch() + 1);
      assertThat(taken.left()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
      assertThat(row.take(free, bob)).as("as it was, not as it is").isEmpty();
      assertThat(row.renew(bob, taken.epoch())).isEmpty();
      assertThat(row.renew(ann, taken.epoch() - 1)).isEmpty();
      Lease renewed = row.renew(ann, taken.epoch()).orElseThrow();
      assertThat(renewed.mark()).isGreaterThan(taken.mark());
      row.resign(bob, taken.epoch());
      assertThat(row.read().address()).isEqualTo("http://ann");
      row.resign(ann, taken.epoch());
      Lease short1 = row.take(row.read(), bob).orElseThrow();
      assertThat(short1.epoch()).isEqualTo(taken.epoch() + 1);
      await().atMost(LONG).until(() -> row.read().left().isNegative());
      assertThat(row.renew(bob, short1.epoch())).as("it has ended").isEmpty();
    }
  }

  @Test
  @DisplayName(
      "postgres/S10: the store freezes: the holder counts itself out in time; with it back, one leads")
  void frozenStore() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (SystemClock clock = new SystemClock();
        SqlStore store = store();
        LeaseElection election =
            new LeaseElection(
                store.lease(Contender.LIFE).orElseThrow(), clock, Contender.LIFE, () -> "here")) {
      election.start(
          new Election.Candidate() {
            @Override
            public void won() {
              heard.add("won");
            }

            @Override
            public void lost(String reason) {
              heard.add(reason);
            }
          });
      await().atMost(LONG).until(election::held);
      server.processes().freeze();
      try {
        await().atMost(Contender.LIFE.multipliedBy(2)).until(() -> !election.held());
        await().atMost(LONG).until(() -> heard.size() == 2);
        assertThat(heard.getLast()).contains("not renewed in time");
      } finally {
        server.processes().thaw();
      }
      await().atMost(LONG).until(() -> election.held() && heard.getLast().equals("won"));
    }
  }

  @Test
  @DisplayName("a store's clock that jumped back keeps nobody waiting longer than a lease lasts")
  void clockBack() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (SystemClock clock = new SystemClock();
        SqlStore store = store()) {
      // As if the holder had died an hour before by the clock of then.
      server.execute(
          database,
          "UPDATE cotidal.lease SET holder = 'dead', address = 'nowhere', epoch = 7, until_micros ="
              + " CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + 3600000000");
      Optional<LeaseRow> row = store.lease(Contender.LIFE);
      try (LeaseElection election =
          new LeaseElection(row.orElseThrow(), clock, Contender.LIFE, () -> "here")) {
        election.start(
            new Election.Candidate() {
              @Override
              public void won() {
                heard.add("won");
              }

              @Override
              public void lost(String reason) {
                heard.add(reason);
              }
            });
        await().atMost(LONG).until(() -> heard.contains("won"));
        assertThat(heard.getFirst()).isEqualTo("the daemon at nowhere leads");
      }
    }
  }

  @Test
  @DisplayName("a lease of a store that is not reached says so in one line")
  void unreachable() throws Exception {
    try (SqlStore store = store();
        LeaseRow row = store.lease(Contender.LIFE).orElseThrow()) {
      server.processes().kill();
      assertThatThrownBy(row::read)
          .hasMessageContaining("cannot ask for the lease")
          .hasMessageNotContaining("\n");
    }
  }
}
