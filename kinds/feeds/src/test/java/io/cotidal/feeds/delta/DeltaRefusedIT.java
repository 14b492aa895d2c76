package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("feeds: deltas that are refused leave everything as it was")
final class DeltaRefusedIT extends DeltaTrial {
  private void refused(Why why, ThrowingRun run) throws Exception {
    String before = content(replica, "parcels");
    List<String> names = relations();
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            DeltaException.class,
            e -> {
              assertThat(e.why()).as(e.line()).isEqualTo(why);
              assertThat(e.line()).doesNotContain("\n");
            });
    assertThat(content(replica, "parcels")).isEqualTo(before);
    assertThat(relations()).isEqualTo(names);
    assertThat(replica.broken()).isFalse();
  }

  private interface ThrowingRun {
    void run() throws Exception;
  }

  /** In place, and upon a copy. */
  private void refusedBothWays(Why why, Path delta) throws Exception {
    refused(why, () -> inPlace("parcels", delta));
    refused(why, () -> beside("parcels", "fresh", delta));
  }

  private List<String> relations() throws PgException {
    return replica.all(
        """
        SELECT n.nspname || '.' || c.relname
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'data' OR c.relname LIKE 'cotidal%' ORDER BY 1
        """,
        DeltaLab.LONG, row -> row.getString(1));
  }

  private void replica(String sql) throws PgException {
    replica.run(sql, DeltaLab.LONG);
  }

  @Test
  void anotherBaseIsRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica("UPDATE data.parcels SET val = 5 WHERE id = 7");
    refusedBothWays(Why.CONTENT, packed.delta());
    replica("UPDATE data.parcels SET val = id::bigint * 7919 % 1000 WHERE id = 7");
    replica("INSERT INTO data.parcels VALUES (7001, NULL, 0, NULL)");
    refusedBothWays(Why.CONTENT, packed.delta());
    replica("DELETE FROM data.parcels WHERE id IN (8, 7001)");
    refusedBothWays(Why.CONTENT, packed.delta());
  }

  @Test
  @DisplayName(
      "rows that the delta replaces or takes away may be any: what comes of it is the target")
  void whatIsReplacedAnyway() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica("UPDATE data.parcels SET val = 5 WHERE id IN (200, 201)");
    replica("DELETE FROM data.parcels WHERE id IN (300, 101)");
    replica("INSERT INTO data.parcels VALUES (6001, NULL, 0, NULL)");
    assertThat(digest("parcels")).isNotEqualTo(packed.base());
    beside("parcels", "fresh", packed.delta());
    inPlace("parcels", packed.delta());
    assertThat(content(replica, "fresh")).isEqualTo(content(source, "parcels"));
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
  }

  @Test
  void valuesInEachOthersRowsAreAnotherBase() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica(
        "UPDATE data.parcels SET name = 'parcel ' || CASE id WHEN 7 THEN 8 ELSE 7 END WHERE id IN (7, 8)");
    refusedBothWays(Why.CONTENT, packed.delta());
  }

  @Test
  void aCorruptDeltaIsRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    byte[] bytes = Files.readAllBytes(packed.delta());
    bytes[bytes.length / 2] ^= 4;
    refusedBothWays(Why.CORRUPT, Files.write(folder.resolve("bad"), bytes));
  }

  @Test
  void otherColumnsOrKeysAreRefused() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica("ALTER TABLE data.parcels ADD COLUMN more integer");
    refusedBothWays(Why.SCHEMA, packed.delta());
    replica("ALTER TABLE data.parcels DROP COLUMN more");
    replica("ALTER TABLE data.parcels ALTER COLUMN name TYPE text");
    refusedBothWays(Why.SCHEMA, packed.delta());
    replica("ALTER TABLE data.parcels ALTER COLUMN name TYPE varchar(40)");
    replica("ALTER TABLE data.parcels DROP CONSTRAINT parcels_pkey");
    refusedBothWays(Why.SCHEMA, packed.delta());
    refused(Why.SCHEMA, () -> inPlace("nobody", packed.delta()));
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
    replica("ALTER TABLE data.parcels ADD CHECK (id < 6000)");
    refusedBothWays(Why.CONTENT, packed.delta());
  }

  @Test
  void timeThatRunsOutChangesNothing() throws Exception {
    Packed.Changed packed = changed(USUAL);
    String before = content(replica, "parcels");
    String after = content(source, "parcels");
    for (int millis = 1; millis < 100; millis += 20) {
      for (Work work : List.of(copy("parcels", "fresh" + millis), forward("parcels"))) {
        try (PgSession brief = lab.session("replica")) {
          transaction(brief, Deadline.in(Duration.ofMillis(millis)), List.of(packed.delta()), work);
        } catch (PgException e) {
          assertThat(content(replica, "parcels")).isIn(before, after);
        }
      }
    }
    inPlace("parcels", packed.delta());
    assertThat(content(replica, "parcels")).isEqualTo(after);
    for (String each : relations()) {
      if (each.matches("data\\.fresh[0-9]+")) {
        String name = each.substring("data.".length());
        assertThat(content(replica, name)).as(each).isEqualTo(after);
      }
    }
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
}
