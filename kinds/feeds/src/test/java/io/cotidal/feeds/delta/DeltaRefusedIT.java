package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DeltaApply.Check;
import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("feeds: deltas that are refused leave everything as it was")
final class DeltaRefusedIT extends DeltaTrial {
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
  void valuesInEachOthersRowsAreAnotherBase() throws Exception {
    Packed.Changed packed = changed(USUAL);
    replica.run(
        "UPDATE data.parcels SET name = 'parcel ' || CASE id WHEN 7 THEN 8 ELSE 7 END WHERE id IN (7, 8)",
        DeltaLab.LONG);
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
  void anUndoTableOfAnotherChangeIsLeftAlone() throws Exception {
    Packed.Changed packed = changed(USUAL);
    apply(PLACE, packed.delta(), Check.WHOLE);
    DeltaMark kept = applier().mark(PLACE).orElseThrow();
    Path other = folder.resolve("other");
    try (DeltaWriter writer = new DeltaWriter(other);
        DeltaReader same = DeltaReader.open(packed.delta(), DeltaLimits.USUAL)) {
      writer.keep(same.header().shape(), packed.target(), packed.target());
    }
    assertThatThrownBy(() -> apply(PLACE, other, Check.WHOLE))
        .isInstanceOfSatisfying(
            DeltaException.class, e -> assertThat(e.why()).isEqualTo(Why.UNFIT));
    assertThat(applier().mark(PLACE)).contains(kept);
  }

  @Test
  void timeThatRunsOutChangesNothing() throws Exception {
    Packed.Changed packed = changed(USUAL);
    String before = content(replica, "parcels");
    for (int millis = 1; millis < 100; millis += 20) {
      try (PgSession brief = lab.session("replica");
          DeltaReader reader = DeltaReader.open(packed.delta(), DeltaLimits.USUAL)) {
        Deadline deadline = Deadline.in(Duration.ofMillis(millis));
        try {
          new DeltaApply(brief, Duration.ofMillis(500), deadline).apply(PLACE, reader, Check.WHOLE);
        } catch (PgException e) {
          assertThat(content(replica, "parcels")).isIn(before, content(source, "parcels"));
        }
      }
    }
    apply(PLACE, packed.delta(), Check.WHOLE);
    assertThat(content(replica, "parcels")).isEqualTo(content(source, "parcels"));
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
