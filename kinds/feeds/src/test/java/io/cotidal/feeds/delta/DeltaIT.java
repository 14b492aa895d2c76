package io.cotidal.feeds.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DeltaApply.Applied;
import io.cotidal.feeds.delta.DeltaApply.Check;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("feeds: deltas from a source to a replica")
final class DeltaIT extends DeltaTrial {
  @Test
  void theReplicaHoldsWhatTheSourceHolds() throws Exception {
    Packed.Changed packed = changed(USUAL);
    assertThat(packed.deletes()).isEqualTo(50);
    assertThat(packed.upserts()).isEqualTo(90);
    String before = content(replica, "parcels");
    assertThat(applier().digest("data", "parcels")).isEqualTo(packed.base());
    Applied applied = apply(PLACE, packed.delta(), Check.WHOLE);
    assertThat(applied)
        .extracting(Applied::deleted, Applied::updated, Applied::inserted)
        .containsExactly(50L, 50L, 40L);
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
    assertThat(applier().mark(PLACE)).contains(applied.mark());

    assertThat(apply(PLACE, packed.delta(), Check.WHOLE).deleted()).as("again").isZero();
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));

    assertThat(applier().rollBack(PLACE, Check.WHOLE)).isEqualTo(packed.base());
    assertThat(content(replica, "parcels")).isEqualTo(before);
    assertThat(applier().mark(PLACE)).isEmpty();

    apply(PLACE, packed.delta(), Check.TOUCHED);
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
    assertThat(applier().rollBack(PLACE, Check.TOUCHED)).isEqualTo(packed.base());
    assertThat(content(replica, "parcels")).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "any table, any changes: base and delta are the target, and the way back is the base")
  void property() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    for (int round = 0; round < 12; round++) {
      Random random = new Random(seed + round);
      RandomTable table = new RandomTable("t" + round, random);
      both(table.create());
      for (int i = 0; i < 40; i++) {
        both(table.insert(i));
      }
      Path states = states();
      assertThat(pack(table.name, states)).isInstanceOf(Packed.Fresh.class);
      DeltaPlace place = new DeltaPlace("data", table.name, table.name + "_undo");
      for (int step = 0; step < 2; step++) {
        String before = content(replica, table.name);
        for (int i = 0; i < 15; i++) {
          change(table.change(random.nextInt(40)));
        }
        Packed packed = pack(table.name, states);
        if (packed instanceof Packed.Changed changed) {
          Check check = random.nextBoolean() ? Check.WHOLE : Check.TOUCHED;
          apply(place, changed.delta(), Check.WHOLE);
          assertThat(content(replica, table.name))
              .as("seed %s round %s: %s", seed, round, table.create())
              .isEqualTo(content(source, table.name));
          try {
            assertThat(applier().rollBack(place, check)).isEqualTo(changed.base());
          } catch (DeltaException e) {
            throw new AssertionError("seed " + seed + " round " + round + " " + table.create(), e);
          }
          assertThat(content(replica, table.name)).isEqualTo(before);
          apply(place, changed.delta(), Check.WHOLE);
          applier().forget(place);
        }
        assertThat(content(replica, table.name)).isEqualTo(content(source, table.name));
        assertThat(applier().digest("data", table.name)).isEqualTo(packed.target());
      }
    }
  }

  @Test
  void theSumIsThatOfTheDocumentedBytes() throws Exception {
    both("CREATE TABLE data.one (id integer PRIMARY KEY, name text, nothing text)");
    both("INSERT INTO data.one VALUES (258, 'ab', NULL)");
    Optional<byte[]> name = Optional.of(new byte[] {'a', 'b'});
    long sum = RowHash.of(List.of(Optional.of(new byte[] {0, 0, 1, 2}), name, Optional.empty()));
    assertThat(applier().digest("data", "one")).isEqualTo(new TableDigest(1, sum));
    for (int i = 0; i < 30; i++) {
      byte[] word = "abcdefghijklmnopqrstuvwxyz\u00fc\u4e2d".repeat(2).substring(i).getBytes(UTF_8);
      both("INSERT INTO data.one VALUES (%d, '%s', '')".formatted(i, new String(word, UTF_8)));
      Optional<byte[]> key = Optional.of(new byte[] {0, 0, 0, (byte) i});
      sum += RowHash.of(List.of(key, Optional.of(word), Optional.of(new byte[0])));
    }
    assertThat(applier().digest("data", "one")).isEqualTo(new TableDigest(31, sum));
  }

  @Test
  void theSumTellsWhichRowAndWhichColumnAValueIsIn() throws Exception {
    both("CREATE TABLE data.one (id integer PRIMARY KEY, a text, b text)");
    both("INSERT INTO data.one VALUES (1, 'x', 'y'), (2, 'z', 'w'), (3, NULL, '')");
    Set<TableDigest> seen = new HashSet<>();
    seen.add(applier().digest("data", "one"));
    for (String each :
        List.of(
            "a = CASE id WHEN 1 THEN 'z' ELSE 'x' END WHERE id < 3",
            "b = a, a = b WHERE id = 1",
            "a = '', b = NULL WHERE id = 3",
            "b = '' WHERE id = 3",
            "a = NULL, b = NULL WHERE id = 3")) {
      both("UPDATE data.one SET " + each);
      seen.add(applier().digest("data", "one"));
    }
    assertThat(seen).hasSize(6);
  }

  @Test
  void nothingChangedIsNoDelta() throws Exception {
    parcels();
    Path states = states();
    Packed first = pack("parcels", states);
    assertThat(pack("parcels", states)).isEqualTo(new Packed.Unchanged(first.target()));
    change("UPDATE data.parcels SET name = name");
    assertThat(pack("parcels", states)).isEqualTo(new Packed.Unchanged(first.target()));
    assertThat(folder.resolve("delta" + number.get())).doesNotExist();
  }

  @Test
  @DisplayName("readers see no error and no state in between, and are not waited for")
  void readers() throws Exception {
    Packed.Changed packed = changed(USUAL);
    Set<String> seen = new ConcurrentSkipListSet<>();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger queries = new AtomicInteger();
    String state = "SELECT count(*) || ' ' || sum(val) || ' ' || count(name) FROM data.parcels";
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        PgSession patient = lab.session("replica")) {
      patient.run("BEGIN ISOLATION LEVEL REPEATABLE READ", DeltaLab.LONG);
      String old = patient.one(state, DeltaLab.LONG, row -> row.getString(1));
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(
            threads.submit(() -> {
              try (PgSession reader = lab.session("replica")) {
                while (!over.get()) {
                  seen.add(reader.one(state, DeltaLab.LONG, row -> row.getString(1)));
                  queries.incrementAndGet();
                }
              }
              return null;
            }));
      }
      try {
        for (int i = 0; i < 8; i++) {
          apply(PLACE, packed.delta(), Check.WHOLE);
          applier().rollBack(PLACE, Check.TOUCHED);
        }
      } finally {
        over.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      String still = patient.one(state, DeltaLab.LONG, row -> row.getString(1));
      assertThat(still).isEqualTo(old);
    }
    assertThat(queries.get()).isGreaterThan(20);
    assertThat(seen).hasSizeBetween(1, 2);
  }

  @Test
  @DisplayName("deltas after one another, each with its way back, are taken back one by one")
  void chain() throws Exception {
    parcels();
    Path states = states();
    pack("parcels", states);
    List<String> contents = new ArrayList<>(List.of(content(replica, "parcels")));
    List<DeltaPlace> places = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      change("UPDATE data.parcels SET val = val + 1 WHERE id % 50 = " + i % 2);
      change("DELETE FROM data.parcels WHERE id = " + (i + 500));
      places.add(new DeltaPlace("data", "parcels", "parcels_undo" + i));
      apply(places.getLast(), ((Packed.Changed) pack("parcels", states)).delta(), Check.WHOLE);
      contents.add(content(replica, "parcels"));
    }
    assertThat(contents).last().isEqualTo(content(source, "parcels"));
    assertThatThrownBy(() -> applier().rollBack(places.getFirst(), Check.WHOLE))
        .as("not in the middle")
        .isInstanceOf(DeltaException.class);
    for (int i = 2; i >= 0; i--) {
      applier().rollBack(places.get(i), Check.WHOLE);
      assertThat(content(replica, "parcels")).isEqualTo(contents.get(i));
    }
  }

  @Test
  void aDumpAndADeltaCanShareASnapshot() throws Exception {
    parcels();
    Path states = states();
    Packed first = pack("parcels", states);
    try (PgSession dump = lab.session("source")) {
      dump.run("BEGIN ISOLATION LEVEL REPEATABLE READ", DeltaLab.LONG);
      String snapshot =
          dump.one("SELECT pg_export_snapshot()", DeltaLab.LONG, row -> row.getString(1));
      change("DELETE FROM data.parcels WHERE id = 1");
      assertThat(
              new Packing(source, states, DeltaLab.soon())
                  .pack("data", "parcels", folder.resolve("none"), snapshot))
          .isEqualTo(new Packed.Unchanged(first.target()));
    }
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Changed.class);
  }

  @Test
  void namesAreOnlyNames() throws Exception {
    String name = "x\"; DROP TABLE t; --";
    String quoted = "data.\"x\"\"; DROP TABLE t; --\"";
    both("CREATE TABLE " + quoted + " (\"k'\"\" %s ?\" integer PRIMARY KEY, \"v\\\" text)");
    both("INSERT INTO " + quoted + " VALUES (1, 'a'), (2, 'b')");
    Path states = states();
    pack(name, states);
    change("UPDATE " + quoted + " SET \"v\\\" = 'c' WHERE \"k'\"\" %s ?\" = 1");
    Packed.Changed packed = (Packed.Changed) pack(name, states);
    DeltaPlace place = new DeltaPlace("data", name, "undo \" ' ?");
    Applied applied = apply(place, packed.delta(), Check.WHOLE);
    assertThat(applied.updated()).isEqualTo(1);
    assertThat(applier().rollBack(place, Check.WHOLE)).isEqualTo(packed.base());
  }

  @Test
  @DisplayName("one row in a hundred costs few bytes")
  void bytes() throws Exception {
    Packed.Changed packed = changed("UPDATE data.parcels SET val = val + 1 WHERE id % 100 = 0");
    long table =
        source.one("SELECT pg_table_size('data.parcels')", DeltaLab.LONG, row -> row.getLong(1));
    assertThat(packed.bytes()).isLessThan(table * 3 / 100).isEqualTo(size(packed.delta()));
  }

  private static long size(Path file) throws IOException {
    return Files.size(file);
  }
}
