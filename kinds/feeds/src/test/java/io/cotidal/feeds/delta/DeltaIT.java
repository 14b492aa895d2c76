package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DeltaApply.Applied;
import io.cotidal.feeds.delta.DeltaApply.Check;
import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("feeds: deltas from a source to a replica")
final class DeltaIT {
  private static final String PARCELS =
      """
      CREATE TABLE data.parcels (id integer PRIMARY KEY, name varchar(40), val bigint NOT NULL,
        geom geometry(Polygon,4326));
      CREATE INDEX ON data.parcels USING gist (geom);
      INSERT INTO data.parcels SELECT g, 'parcel ' || g, g::bigint * 7919 % 1000,
        st_buffer(st_setsrid(st_makepoint(115 + g % 100 / 100.0, -32), 4326), 0.001, 4)
        FROM generate_series(1, 5000) g;
      """;
  private static final DeltaPlace PLACE = new DeltaPlace("data", "parcels", "parcels_undo");

  private DeltaLab lab;
  private PgSession source;
  private PgSession replica;
  private final AtomicInteger number = new AtomicInteger();
  @TempDir Path folder;

  @BeforeAll
  void start() throws Exception {
    lab = DeltaLab.start();
    source = lab.session("source");
    replica = lab.session("replica");
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      source.close();
      replica.close();
      lab.close();
    }
  }

  @BeforeEach
  void empty() throws Exception {
    both("SET client_min_messages = warning");
    both("DROP SCHEMA IF EXISTS data CASCADE");
    both("CREATE SCHEMA data");
  }

  private void both(String sql) throws PgException {
    source.run(sql, DeltaLab.LONG);
    replica.run(sql, DeltaLab.LONG);
  }

  private void parcels() throws PgException {
    for (String statement : PARCELS.split(";\n", -1)) {
      if (!statement.isBlank()) {
        both(statement);
      }
    }
  }

  private void change(String sql) throws PgException {
    source.run(sql, DeltaLab.LONG);
  }

  private Packed pack(String table, Path states) throws Exception {
    return new Packing(source, states, DeltaLab.soon())
        .pack("data", table, folder.resolve("delta" + number.incrementAndGet()));
  }

  private Path states() {
    return folder.resolve("states" + number.incrementAndGet());
  }

  private Applied apply(DeltaPlace place, Path delta, Check check) throws Exception {
    try (DeltaReader reader = DeltaReader.open(delta, DeltaLimits.USUAL)) {
      return applier().apply(place, reader, check);
    }
  }

  private DeltaApply applier() {
    return new DeltaApply(replica, Duration.ofMillis(500), DeltaLab.soon());
  }

  /** All rows, by PostgreSQL's own words and not by our sums. */
  private static String content(PgSession session, String table) throws PgException {
    return session.one(
        "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\"), '')) FROM data."
            + table
            + " t",
        DeltaLab.LONG,
        row -> row.getString(1));
  }

  private Packed.Changed changed(String... statements) throws Exception {
    parcels();
    Path states = states();
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Fresh.class);
    for (String statement : statements) {
      change(statement);
    }
    return (Packed.Changed) pack("parcels", states);
  }

  private static final String[] USUAL = {
    "UPDATE data.parcels SET name = name || ' x', geom = st_translate(geom, 0.1, 0) WHERE id % 100 = 0",
    "DELETE FROM data.parcels WHERE id % 100 = 1",
    "INSERT INTO data.parcels SELECT g, NULL, g, NULL FROM generate_series(6001, 6040) g"
  };

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
          replica.run("DROP TABLE data." + table.name + "_undo", DeltaLab.LONG);
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
    byte[] bytes = {0, 0, 0, 4, 0, 0, 1, 2, 0, 0, 0, 2, 'a', 'b', -1, -1, -1, -1};
    long sum = ByteBuffer.wrap(DeltaReader.sha256().digest(bytes)).getLong();
    assertThat(applier().digest("data", "one")).isEqualTo(new TableDigest(1, sum));
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

  private void refused(Why why, ThrowingRun run) throws Exception {
    String before = content(replica, "parcels");
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            DeltaException.class,
            e -> {
              assertThat(e.why()).as(e.line()).isEqualTo(why);
              assertThat(e.line()).doesNotContain("\n");
            });
    assertThat(content(replica, "parcels")).isEqualTo(before);
    assertThat(applier().mark(PLACE)).isEmpty();
    assertThat(replica.broken()).isFalse();
  }

  private interface ThrowingRun {
    void run() throws Exception;
  }

  @Test
  void anotherBaseIsRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica.run("UPDATE data.parcels SET val = 5 WHERE id = 7", DeltaLab.LONG);
    refused(Why.CONTENT, () -> apply(PLACE, packed.delta(), Check.WHOLE));
    replica.run("UPDATE data.parcels SET val = 5 WHERE id = 200", DeltaLab.LONG);
    refused(Why.CONTENT, () -> apply(PLACE, packed.delta(), Check.TOUCHED));
    replica.run("DELETE FROM data.parcels WHERE id = 101", DeltaLab.LONG);
    refused(Why.CONTENT, () -> apply(PLACE, packed.delta(), Check.TOUCHED));
    replica.run("INSERT INTO data.parcels VALUES (6001, NULL, 0, NULL)", DeltaLab.LONG);
    refused(Why.CONTENT, () -> apply(PLACE, packed.delta(), Check.WHOLE));
  }

  @Test
  void aCorruptDeltaIsRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    byte[] bytes = Files.readAllBytes(packed.delta());
    bytes[bytes.length / 2] ^= 4;
    Path bad = Files.write(folder.resolve("bad"), bytes);
    refused(Why.CORRUPT, () -> apply(PLACE, bad, Check.WHOLE));
  }

  @Test
  void otherColumnsOrKeysAreRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica.run("ALTER TABLE data.parcels ADD COLUMN more integer", DeltaLab.LONG);
    refused(Why.SCHEMA, () -> apply(PLACE, packed.delta(), Check.WHOLE));
    replica.run("ALTER TABLE data.parcels DROP COLUMN more", DeltaLab.LONG);
    replica.run("ALTER TABLE data.parcels ALTER COLUMN name TYPE text", DeltaLab.LONG);
    refused(Why.SCHEMA, () -> apply(PLACE, packed.delta(), Check.WHOLE));
    replica.run("ALTER TABLE data.parcels ALTER COLUMN name TYPE varchar(40)", DeltaLab.LONG);
    replica.run("ALTER TABLE data.parcels DROP CONSTRAINT parcels_pkey", DeltaLab.LONG);
    refused(Why.SCHEMA, () -> apply(PLACE, packed.delta(), Check.WHOLE));
    DeltaPlace none = new DeltaPlace("data", "nobody", "undo");
    refused(Why.SCHEMA, () -> apply(none, packed.delta(), Check.WHOLE));
  }

  @Test
  void aSourceWhoseColumnsChangedBeginsAnew() throws Exception {
    parcels();
    Path states = states();
    pack("parcels", states);
    change("ALTER TABLE data.parcels ADD COLUMN more integer");
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Fresh.class);
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Unchanged.class);
  }

  @Test
  void aSourceWhoseRowsCannotBeToldApartIsRefused() throws Exception {
    both("CREATE TABLE data.parcels (id integer, computed integer, CHECK (id > 0))");
    refused(Why.UNFIT, () -> pack("parcels", states()));
    change("ALTER TABLE data.parcels ALTER COLUMN id SET NOT NULL");
    change("CREATE UNIQUE INDEX ON data.parcels (id) WHERE id > 5");
    refused(Why.UNFIT, () -> pack("parcels", states()));
    change("CREATE UNIQUE INDEX ON data.parcels (id)");
    assertThat(pack("parcels", states())).isInstanceOf(Packed.Fresh.class);
    change("CREATE VIEW data.seen AS SELECT * FROM data.parcels");
    refused(Why.UNFIT, () -> pack("seen", states()));
  }

  @Test
  void rowsThatTheReplicaForbidsAreRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica.run("ALTER TABLE data.parcels ADD CHECK (id < 6000)", DeltaLab.LONG);
    refused(Why.CONTENT, () -> apply(PLACE, packed.delta(), Check.WHOLE));
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
  void aTableThatIsBeingChangedIsNotWaitedForLong() throws Exception {
    Packed.Changed packed = changed(USUAL);
    try (PgSession other = lab.session("replica")) {
      other.run("BEGIN", DeltaLab.LONG);
      other.run("LOCK TABLE data.parcels IN ACCESS EXCLUSIVE MODE", DeltaLab.LONG);
      try (DeltaReader reader = DeltaReader.open(packed.delta(), DeltaLimits.USUAL)) {
        assertThatThrownBy(() -> applier().apply(PLACE, reader, Check.WHOLE))
            .isInstanceOfSatisfying(
                PgException.class, e -> assertThat(e.rejected("55P03")).isTrue());
      }
      other.run("ROLLBACK", DeltaLab.LONG);
    }
    apply(PLACE, packed.delta(), Check.WHOLE);
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
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
  void aStateThatWasLostOrSpoiltBeginsAnew() throws Exception {
    parcels();
    Path states = states();
    pack("parcels", states);
    try (var files = Files.newDirectoryStream(states)) {
      for (Path file : files) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Fresh.class);
    assertThat(states).isDirectoryNotContaining(file -> !file.toString().endsWith(".keys"));
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
