package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.spec.FeedsSpec;
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
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is kept becomes what comes next, and what is served is copied. */
@DisplayName("Generations are made of others by deltas")
final class AdvanceIT extends AdvanceTrial {
  @Test
  @DisplayName("a kept one becomes the new one, by two deltas at once, with its indexes and names")
  void forward() throws Exception {
    List<String> before = named("g1");
    Staged staged = forward(deltas, "g1", "g3");
    assertThat(staged.rows()).isEqualTo(1998);
    assertThat(content("sites_data.parcels__g3")).isEqualTo(master());
    assertThat(named("g1")).isEmpty();
    assertThat(named("g3")).isEqualTo(before.stream().map(n -> n.replace("__g1", "__g3")).toList());
    Shown shown = replica.tables.served(Replica.soon());
    assertThat(shown.kept()).isEmpty();
    assertThat(shown.leftovers())
        .singleElement()
        .satisfies(each -> assertThat(each.generation() + each.digest()).isEqualTo("g3of g3"))
        .satisfies(each -> assertThat(each.complete()).isTrue());
    assertThat(content("sites.parcels")).as("what is served").isNotEqualTo(master());

    assertThat(forward(List.of(), "g1", "g3")).as("again").isEqualTo(staged);
    Swapped swapped = replica.tables.swap(Replica.PARCELS, "g3", Replica.soon());
    assertThat(swapped.remade()).isFalse();
    assertThat(swapped.warnings()).isEmpty();
    assertThat(content("sites.parcels")).isEqualTo(master());
    assertThat(
            replica.read(
                "SELECT conname || ' ' || confrelid::regclass FROM pg_constraint WHERE contype = 'f'"
                    + " AND conrelid = 'sites_data.parcels__g3'::regclass AND convalidated"))
        .containsExactly("parcels_owner_fkey sites_data.owners__g1");

    assertThat(replica.tables.rollBack(Replica.PARCELS, "g2", Replica.soon()).changed()).isTrue();
    assertThat(replica.stage("g1").rows()).as("its names are free").isEqualTo(1998);
    assertThat(replica.tables.trim(0, 0, Replica.soon()).left()).isEmpty();
  }

  @Test
  @DisplayName("the planner's statistics follow when more than a tenth of the rows are others")
  void statistics() throws Exception {
    change("UPDATE sites_data.parcels SET name = 'same'");
    pack();
    forward(deltas, "g1", "g3");
    assertThat(
            replica.read(
                "SELECT n_distinct FROM pg_stats WHERE tablename = 'parcels__g3' AND attname = 'name'"))
        .containsExactly("1");
  }

  @Test
  @DisplayName("what is served is copied with the changes, and stays as it was")
  void copied() throws Exception {
    String before = content("sites.parcels");
    assertThat(copy(deltas.subList(1, 2), "g2", "g3").rows()).isEqualTo(1998);
    assertThat(content("sites_data.parcels__g3")).isEqualTo(master());
    assertThat(content("sites.parcels")).isEqualTo(before);
    assertThat(named("g3")).hasSameSizeAs(named("g2"));
    replica.tables.swap(Replica.PARCELS, "g3", Replica.soon());
    assertThat(content("sites.parcels")).isEqualTo(master());
    assertThat(copy(deltas, "g1", "g4").rows()).as("two at once").isEqualTo(1998);
    assertThat(content("sites_data.parcels__g4")).isEqualTo(master());
  }

  @Test
  @DisplayName("a row that somebody altered: refused, and the kept one is as it was, a way back")
  void alteredByHand() throws Exception {
    replica.replica("UPDATE sites_data.parcels__g1 SET name = 'by hand' WHERE id = 1");
    String kept = content("sites_data.parcels__g1");
    refused(TableException.Kind.REJECTED, "it would hold", () -> forward(deltas, "g1", "g3"));
    assertThat(content("sites_data.parcels__g1")).isEqualTo(kept);
    assertThat(replica.tables.rollBack(Replica.PARCELS, "g1", Replica.soon()).changed()).isTrue();
    replica.replica("DELETE FROM sites_data.parcels__g2 WHERE id = 1");
    refused(
        TableException.Kind.REJECTED,
        "it would hold",
        () -> copy(deltas.subList(1, 2), "g2", "g3"));
  }

  @Test
  @DisplayName("deltas of another base, in another order, or broken: refused")
  void wrongDeltas() throws Exception {
    refused(
        TableException.Kind.REJECTED,
        "it would hold",
        () -> forward(deltas.subList(1, 2), "g1", "g3"));
    refused(
        TableException.Kind.REJECTED,
        "do not lead on",
        () -> forward(deltas.reversed(), "g1", "g3"));
    byte[] bytes = Files.readAllBytes(deltas.getFirst());
    bytes[bytes.length / 2] ^= 1;
    Path broken = Files.write(folder.resolve("broken"), bytes);
    refused(TableException.Kind.REJECTED, "digest", () -> forward(List.of(broken), "g1", "g3"));
    replica.replica("ALTER TABLE sites_data.parcels__g1 ADD COLUMN more integer");
    refused(TableException.Kind.REJECTED, "other columns", () -> forward(deltas, "g1", "g3"));
  }

  @Test
  @DisplayName("what is served, and what somebody's view hangs on, does not become another one")
  void needed() throws Exception {
    refused(TableException.Kind.FAILED, "no generation g2", () -> forward(deltas, "g2", "g3"));
    refused(TableException.Kind.FAILED, "no generation g7", () -> forward(deltas, "g7", "g3"));
    replica.replica("CREATE VIEW public.mine AS SELECT name FROM sites_data.parcels__g1");
    refused(TableException.Kind.FAILED, "is needed by", () -> forward(deltas, "g1", "g3"));
    assertThat(replica.read("SELECT count(*) FROM public.mine")).containsExactly("2000");
    replica.replica("DROP VIEW public.mine");
    forward(deltas, "g1", "g3");
  }

  @Test
  @DisplayName("feeds/S13: a process that dies in the middle leaves the kept one as it was")
  void dies() throws Exception {
    String kept = content("sites_data.parcels__g1");
    Fill dies =
        by(
            deltas,
            (chain, where, tables) -> {
              chain.inPlace(where, tables.fresh());
              where.session().close();
              where.session().run("SELECT 1", Duration.ofSeconds(1));
            });
    assertThatThrownBy(() ->
            replica.tables.advance(
                new Successor(Replica.PARCELS, "g1", "g3", "of g3"), dies, Replica.soon()))
        .isInstanceOf(TableException.class);
    assertThat(content("sites_data.parcels__g1")).isEqualTo(kept);
    assertThat(replica.tables.served(Replica.soon()).leftovers()).isEmpty();
    assertThat(forward(deltas, "g1", "g3").rows()).isEqualTo(1998);
  }

  @Test
  @DisplayName("nothing that a fill cannot read is taken for done")
  void unreadable() throws Exception {
    Fill fails =
        filling -> {
          throw new IOException("cut short");
        };
    refused(
        TableException.Kind.FAILED,
        "cut short",
        () ->
            replica.tables.advance(
                new Successor(Replica.PARCELS, "g1", "g3", "of g3"), fails, Replica.soon()));
  }

  @Test
  @DisplayName("rows that may not be there, of whatever reason: refused with the server's words")
  void forbidden() throws Exception {
    replica.replica("ALTER TABLE sites_data.parcels__g1 ADD CHECK (name <> 'third')");
    refused(
        TableException.Kind.REJECTED,
        "the server refuses rows of theirs",
        () -> forward(deltas, "g1", "g3"));
    replica.replica("ALTER TABLE sites_data.parcels__g2 ADD CHECK (name <> 'third')");
    refused(
        TableException.Kind.REJECTED,
        "the server refuses rows of theirs",
        () -> copy(deltas.subList(1, 2), "g2", "g3"));
  }

  @Test
  @DisplayName("readers see the old rows or the new ones, and are not waited for")
  void readers() throws Exception {
    String old = content("sites.parcels");
    AtomicBoolean over = new AtomicBoolean();
    Set<String> seen = new ConcurrentSkipListSet<>();
    AtomicInteger queries = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        Connection patient = replica.server.connect("replica")) {
      patient.setAutoCommit(false);
      try (Statement statement = patient.createStatement()) {
        statement.execute("SELECT count(*) FROM sites.parcels");
      }
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(threads.submit(() -> reads(over, seen, queries)));
      }
      try {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !seen.isEmpty());
        copy(deltas.subList(1, 2), "g2", "g3");
        forward(deltas, "g1", "g4");
        assertThat(seen).as("before the exchange").isSubsetOf(old);
        patient.rollback();
        for (String each : List.of("g3", "g2", "g4", "g2", "g3")) {
          replica.tables.swap(Replica.PARCELS, each, Replica.soon());
        }
        int enough = queries.get() + 20;
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> queries.get() > enough);
      } finally {
        over.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(old, master());
  }

  /** Reads all rows again and again; any error ends it. */
  private static boolean reads(AtomicBoolean over, Set<String> seen, AtomicInteger queries)
      throws SQLException {
    try (Connection connection = replica.server.connect("replica");
        Statement statement = connection.createStatement()) {
      while (!over.get()) {
        try (ResultSet rows = statement.executeQuery(CONTENT.formatted("sites.parcels"))) {
          rows.next();
          seen.add(rows.getString(1));
        }
        queries.incrementAndGet();
      }
    }
    return true;
  }

  @Test
  @DisplayName("who reads a kept one is waited for, but not for long")
  void read() throws Exception {
    FeedsSpec.Database database = Replica.database(replica.server);
    Memory memory = new Memory(database.schema());
    Archive archive = Archive.with(database, new LocalProcesses(), replica.folder());
    Advance hasty =
        new Advance(
            database, memory, new Loading(database, memory, archive), Duration.ofMillis(200));
    Successor successor = new Successor(Replica.PARCELS, "g1", "g3", "of g3");
    Fill fill = by(deltas, (chain, where, tables) -> chain.inPlace(where, tables.fresh()));
    try (Connection reader = replica.server.connect("replica");
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM sites_data.parcels__g1");
      refused(
          TableException.Kind.BUSY,
          "lock timeout",
          () -> hasty.stage(successor, fill, Replica.soon()));
      reader.rollback();
    }
    assertThat(hasty.stage(successor, fill, Replica.soon()).rows()).isEqualTo(1998);
  }

  @Test
  @DisplayName("time that runs out leaves the kept one as it was, or makes the whole")
  void timeRunsOut() throws Exception {
    String kept = content("sites_data.parcels__g1");
    Successor successor = new Successor(Replica.PARCELS, "g1", "g3", "of g3");
    Fill fill = by(deltas, (chain, where, tables) -> chain.inPlace(where, tables.fresh()));
    boolean made = false;
    for (int millis = 4; !made; millis *= 2) {
      try {
        replica.tables.advance(successor, fill, Deadline.in(Duration.ofMillis(millis)));
        made = true;
      } catch (TableException e) {
        // What the server was at when nobody waited any more comes to its end.
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                replica
                    .read(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cotidal feeds'")
                    .equals(List.of("0")));
        made = named("g1").isEmpty();
        if (!made) {
          assertThat(content("sites_data.parcels__g1")).isEqualTo(kept);
          assertThat(named("g3")).isEmpty();
        }
      }
    }
    assertThat(content("sites_data.parcels__g3")).isEqualTo(master());
    assertThat(forward(deltas, "g1", "g3").rows()).as("again").isEqualTo(1998);
  }
}
