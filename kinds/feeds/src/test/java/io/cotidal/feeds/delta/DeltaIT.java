package io.cotidal.feeds.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
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
    assertThat(digest("parcels")).isEqualTo(packed.base());
    beside("parcels", "fresh", packed.delta());
    assertThat(content(replica, "fresh")).isEqualTo(content(source, "parcels"));
    assertThat(content(replica, "parcels")).as("what was copied").isEqualTo(before);

    inPlace("parcels", packed.delta());
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
    assertThat(digest("parcels")).isEqualTo(packed.target());
    inPlace("parcels", packed.delta());
    assertThat(content(replica, "parcels")).as("again").isEqualTo(content(source, "parcels"));
  }

  @Test
  @DisplayName(
      "any table, any changes: base and deltas are the target, one by one, at once, and upon a copy")
  void property() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    for (int round = 0; round < 12; round++) {
      Random random = new Random(seed + round);
      RandomTable table = new RandomTable("t" + round, random);
      try {
        holds(table, random);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("seed " + seed + " round " + round + " " + table.create(), e);
      }
    }
  }

  private void holds(RandomTable table, Random random) throws Exception {
    String single = table.name + "_single";
    both(table.create());
    for (int i = 0; i < 40; i++) {
      both(table.insert(i));
    }
    both("CREATE TABLE data.%s (LIKE data.%s INCLUDING ALL)".formatted(single, table.name));
    both(
        "INSERT INTO data.%s OVERRIDING SYSTEM VALUE SELECT * FROM data.%s"
            .formatted(single, table.name));
    Path states = states();
    assertThat(pack(table.name, states)).isInstanceOf(Packed.Fresh.class);
    List<Path> deltas = new ArrayList<>();
    for (int step = 0; step < 3; step++) {
      for (int i = 0; i < 15; i++) {
        change(table.change(random.nextInt(40)));
      }
      Packed packed = pack(table.name, states);
      if (packed instanceof Packed.Changed changed) {
        deltas.add(changed.delta());
        inPlace(single, changed.delta());
        String copy = table.name + "_copy" + step;
        beside(table.name, copy, deltas.toArray(Path[]::new));
        assertThat(content(replica, copy)).isEqualTo(content(source, table.name));
      }
      assertThat(content(replica, single)).isEqualTo(content(source, table.name));
      assertThat(digest(single)).isEqualTo(packed.target());
    }
    assertThat(deltas).isNotEmpty();
    inPlace(table.name, deltas.toArray(Path[]::new));
    assertThat(content(replica, table.name)).isEqualTo(content(source, table.name));
  }

  @Test
  void theSumIsThatOfTheDocumentedBytes() throws Exception {
    both("CREATE TABLE data.one (id integer PRIMARY KEY, name text, nothing text)");
    both("INSERT INTO data.one VALUES (258, 'ab', NULL)");
    Optional<byte[]> name = Optional.of(new byte[] {'a', 'b'});
    long sum = RowHash.of(List.of(Optional.of(new byte[] {0, 0, 1, 2}), name, Optional.empty()));
    assertThat(digest("one")).isEqualTo(new TableDigest(1, sum));
    for (int i = 0; i < 30; i++) {
      byte[] word = "abcdefghijklmnopqrstuvwxyz\u00fc\u4e2d".repeat(2).substring(i).getBytes(UTF_8);
      both("INSERT INTO data.one VALUES (%d, '%s', '')".formatted(i, new String(word, UTF_8)));
      Optional<byte[]> key = Optional.of(new byte[] {0, 0, 0, (byte) i});
      sum += RowHash.of(List.of(key, Optional.of(word), Optional.of(new byte[0])));
    }
    assertThat(digest("one")).isEqualTo(new TableDigest(31, sum));
  }

  @Test
  void theSumTellsWhichRowAndWhichColumnAValueIsIn() throws Exception {
    both("CREATE TABLE data.one (id integer PRIMARY KEY, a text, b text)");
    both("INSERT INTO data.one VALUES (1, 'x', 'y'), (2, 'z', 'w'), (3, NULL, '')");
    Set<TableDigest> seen = new HashSet<>();
    seen.add(digest("one"));
    for (String each :
        List.of(
            "a = CASE id WHEN 1 THEN 'z' ELSE 'x' END WHERE id < 3",
            "b = a, a = b WHERE id = 1",
            "a = '', b = NULL WHERE id = 3",
            "b = '' WHERE id = 3",
            "a = NULL, b = NULL WHERE id = 3")) {
      both("UPDATE data.one SET " + each);
      seen.add(digest("one"));
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
    parcels();
    Path states = states();
    pack("parcels", states);
    change("CREATE TABLE data.before AS TABLE data.parcels");
    for (String statement : USUAL) {
      change(statement);
    }
    Path there = ((Packed.Changed) pack("parcels", states)).delta();
    change("TRUNCATE data.parcels");
    change("INSERT INTO data.parcels TABLE data.before");
    Path back = ((Packed.Changed) pack("parcels", states)).delta();
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
        for (int i = 0; i < 6; i++) {
          inPlace("parcels", there);
          beside("parcels", "copy" + i, back);
          inPlace("parcels", back);
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
    String name = "x\"; DROP %s TABLE t; --";
    String fresh = "fresh \" ' ? %s";
    String quoted = "data." + Quote.identifier(name);
    both("CREATE TABLE " + quoted + " (\"k'\"\" %s ?\" integer PRIMARY KEY, \"v\\\" text)");
    both("INSERT INTO " + quoted + " VALUES (1, 'a'), (2, 'b')");
    Path states = states();
    pack(name, states);
    change("UPDATE " + quoted + " SET \"v\\\" = 'c' WHERE \"k'\"\" %s ?\" = 1");
    Path delta = ((Packed.Changed) pack(name, states)).delta();
    change("DELETE FROM " + quoted + " WHERE \"k'\"\" %s ?\" = 2");
    Path next = ((Packed.Changed) pack(name, states)).delta();
    beside(name, fresh, delta, next);
    inPlace(name, delta, next);
    String wanted = content(source, Quote.identifier(name));
    assertThat(content(replica, Quote.identifier(name))).isEqualTo(wanted);
    assertThat(content(replica, Quote.identifier(fresh))).isEqualTo(wanted);
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
