package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Body;
import io.cotidal.lab.PostgisServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS. */
@Timeout(60)
@DisplayName("Tables are published")
class PublishIT {
  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
    // It would write where nobody else does.
    replica.replica("ALTER SYSTEM SET autovacuum = off");
    replica.replica("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  @BeforeEach
  void clean() throws Exception {
    replica.clear();
  }

  @Test
  @DisplayName("feeds/S1: a dump becomes a table that readers see, with all that it had")
  void publishes() throws Exception {
    replica.parcels(100, "one");
    Staged staged = replica.stage("g1");
    assertThat(staged.rows()).isEqualTo(100);
    assertThat(staged.columns())
        .contains(new Staged.Column("geom", "public.geometry(Polygon,28350)"));
    assertThat(replica.read("SELECT to_regclass('sites.parcels')")).containsExactly("null");
    Swapped swapped = replica.tables.swap(Replica.PARCELS, "g1", Replica.soon());
    assertThat(swapped.previous()).isEmpty();
    assertThat(swapped.warnings()).isEmpty();
    assertThat(replica.read("SELECT count(*) || max(shout) FROM sites.parcels"))
        .containsExactly("100ONE");
    assertThat(replica.relations()).containsExactly("parcels__g1", "parcels_ogc_fid_seq__g1");
    assertThat(
            replica.read(
                "SELECT indexrelid::regclass FROM pg_index"
                    + " WHERE indrelid = 'sites_data.parcels__g1'::regclass AND indisvalid ORDER BY 1"))
        .hasSize(3);
    assertThat(replica.read("SELECT nextval('sites_data.parcels_ogc_fid_seq__g1')"))
        .containsExactly("101");
    assertThat(replica.read("SELECT obj_description('sites_data.parcels__g1'::regclass)"))
        .containsExactly("Parcels; all of them");
    assertThat(replica.read("SELECT reltuples::int FROM pg_class WHERE relname = 'parcels__g1'"))
        .containsExactly("100");
    Shown shown = replica.tables.served(Replica.soon());
    assertThat(shown.served())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.generation()).isEqualTo("g1");
          assertThat(each.digest()).isEqualTo("of g1");
          assertThat(each.rows()).isEqualTo(100);
          assertThat(each.drift()).isEqualTo(Shown.Drift.NONE);
        });
    assertThat(shown.leftovers()).isEmpty();
  }

  @Test
  @DisplayName("feeds/S1: what is as it should be is not written again")
  void idempotent() throws Exception {
    replica.parcels(10, "one");
    replica.publish("g1");
    // No transaction since then has got a number: nothing was written.
    String numbers = "SELECT pg_snapshot_xmax(pg_current_snapshot())";
    List<String> before = replica.read(numbers);
    assertThat(
            replica
                .tables
                .prepare(Replica.workspace(Body.Access.EVERYBODY), Replica.soon())
                .changed())
        .isFalse();
    replica.stage(replica.folder().resolve("not-even-read"), "g1");
    assertThat(replica.tables.swap(Replica.PARCELS, "g1", Replica.soon()).changed()).isFalse();
    assertThat(replica.tables.served(Replica.soon()).served()).hasSize(1);
    assertThat(replica.read(numbers)).isEqualTo(before);
  }

  @Test
  @DisplayName("the next generation takes over, the one before is kept, and rolling back is quick")
  void rollsBack() throws Exception {
    replica.parcels(10, "one");
    replica.publish("g1");
    replica.parcels(20, "two");
    assertThat(replica.publish("g2").previous()).contains("g1");
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("20");
    assertThat(replica.tables.served(Replica.soon()).kept())
        .singleElement()
        .satisfies(kept -> assertThat(kept.generation()).isEqualTo("g1"));
    long began = System.nanoTime();
    Swapped back = replica.tables.rollBack(Replica.PARCELS, "g1", Replica.soon());
    assertThat(System.nanoTime() - began).isLessThan(1_000_000_000L);
    assertThat(back.previous()).contains("g2");
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("10");
    assertThat(replica.tables.trim(0, 0, Replica.soon()).dropped()).hasSize(1);
    assertThat(replica.relations()).containsExactly("parcels__g1", "parcels_ogc_fid_seq__g1");
    assertThatThrownBy(() -> replica.tables.drop(Replica.PARCELS, "g1", Replica.soon()))
        .hasMessageContaining("is served now");
  }

  @Test
  @DisplayName("feeds/S11: a table that is withdrawn leaves nothing")
  void withdraws() throws Exception {
    replica.parcels(10, "one");
    replica.publish("g1");
    replica.publish("g2");
    replica.tables.withdraw(Replica.PARCELS, Replica.soon());
    assertThat(replica.relations()).isEmpty();
    assertThat(replica.read("SELECT to_regclass('sites.parcels')")).containsExactly("null");
    Shown left = replica.tables.served(Replica.soon());
    assertThat(left).isEqualTo(new Shown(List.of(), List.of(), List.of(), left.schemas()));
    replica.tables.withdraw(Replica.PARCELS, Replica.soon());
  }

  @Test
  @DisplayName("what others made upon a table keeps it from being withdrawn")
  void withdrawsNothingOfOthers() throws Exception {
    replica.parcels(10, "one");
    replica.publish("g1");
    replica.replica("CREATE VIEW sites.mine AS SELECT name FROM sites.parcels");
    assertThatThrownBy(() -> replica.tables.withdraw(Replica.PARCELS, Replica.soon()))
        .hasMessageContaining("view sites.mine");
    assertThat(replica.read("SELECT count(*) FROM sites.mine")).containsExactly("10");
    replica.replica(
        "DROP VIEW sites.mine; CREATE VIEW sites.mine AS SELECT name FROM sites_data.parcels__g1");
    assertThatThrownBy(() -> replica.tables.withdraw(Replica.PARCELS, Replica.soon()))
        .hasMessageContaining("sites.mine");
    assertThat(replica.read("SELECT count(*) FROM sites.parcels")).containsExactly("10");
  }
}
