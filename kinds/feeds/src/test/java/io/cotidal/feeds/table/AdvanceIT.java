package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.delta.DeltaChain;
import io.cotidal.feeds.delta.DeltaException;
import io.cotidal.feeds.delta.DeltaLimits;
import io.cotidal.feeds.delta.Packed;
import io.cotidal.feeds.delta.Packing;
import io.cotidal.lab.PostgisServer;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS, and real deltas. */
@Timeout(60)
@DisplayName("Generations are made of others by deltas")
class AdvanceIT {
  private static final String CONTENT =
      "SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t";

  @TempDir static Path folder;
  private static Replica replica;
  private static int count;

  private final List<Path> deltas = new ArrayList<>();
  private Path states = Path.of("");

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

  /**
   * Three publications at the master, of which the replica has loaded two, and serves the later.
   */
  @BeforeEach
  void publish() throws Exception {
    replica.clear();
    states = folder.resolve("states" + ++count);
    replica.master(
        """
        DROP TABLE IF EXISTS sites_data.parcels CASCADE;
        DROP TABLE IF EXISTS sites_data.owners CASCADE;
        CREATE TABLE sites_data.owners (id integer PRIMARY KEY);
        INSERT INTO sites_data.owners VALUES (1);
        CREATE TABLE sites_data.parcels (id serial PRIMARY KEY, name varchar(40), k numeric UNIQUE,
          owner integer REFERENCES sites_data.owners, geom geometry(Polygon,28350));
        CREATE INDEX parcels_geom ON sites_data.parcels USING gist (geom);
        INSERT INTO sites_data.parcels (name, k, owner, geom)
          SELECT 'parcel ' || i, i, 1, ST_MakeEnvelope(i, i, i + 1, i + 1, 28350)
          FROM generate_series(1, 2000) i;
        """);
    Target owners = new Target(Replica.SITES, "owners");
    replica.tables.stage(new Stage(owners, replica.dump("owners"), "g1", "o"), Replica.soon());
    replica.tables.swap(owners, "g1", Replica.soon());
    pack();
    replica.publish("g1");
    change("UPDATE sites_data.parcels SET name = 'second' WHERE id % 10 = 0");
    change("DELETE FROM sites_data.parcels WHERE id IN (5, 6, 7)");
    change("INSERT INTO sites_data.parcels (id, name) VALUES (3000, 'comes'), (3001, NULL)");
    pack();
    replica.publish("g2");
    change("UPDATE sites_data.parcels SET name = 'third' WHERE id % 20 = 0 OR id = 3001");
    change("DELETE FROM sites_data.parcels WHERE id IN (3000, 40)");
    change("INSERT INTO sites_data.parcels (id, name, k) VALUES (5, 'again', 5)");
    pack();
    assertThat(deltas).hasSize(2);
    assertThat(replica.tables.served(Replica.soon()).kept()).hasSize(1);
  }

  private static void change(String sql) throws Exception {
    replica.master(sql);
  }

  private void pack() throws Exception {
    Login login =
        new Login(
            "127.0.0.1",
            replica.server.port(),
            "master",
            PostgisServer.ADMINISTRATOR,
            replica.server.password(),
            "packer");
    Path delta = folder.resolve("delta" + count + "." + deltas.size());
    try (PgSession session = PgSession.open(login, Duration.ofSeconds(10))) {
      Packed packed =
          new Packing(session, states, Replica.soon()).pack("sites_data", "parcels", delta);
      if (packed instanceof Packed.Changed changed) {
        deltas.add(changed.delta());
      }
    }
  }

  private interface Work {
    void by(DeltaChain chain, DeltaChain.Where where, Filling.Tables tables) throws Exception;
  }

  private static Fill by(List<Path> files, Work work) {
    return filling -> {
      try (DeltaChain chain = DeltaChain.open(files, DeltaLimits.USUAL)) {
        filling.directly((session, deadline) -> {
          try {
            work.by(
                chain,
                new DeltaChain.Where(session, deadline, filling.tables().schema()),
                filling.tables());
          } catch (RuntimeException | DeltaException | io.cotidal.pgclient.PgException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
      } catch (DeltaException e) {
        throw new TableException(TableException.Kind.REJECTED, e.line());
      }
    };
  }

  private static Staged forward(List<Path> files, String from, String to) throws Exception {
    Fill fill = by(files, (chain, where, tables) -> chain.inPlace(where, tables.fresh()));
    return replica.tables.advance(
        new Successor(Replica.PARCELS, from, to, "of " + to), fill, Replica.soon());
  }

  private static Staged copy(List<Path> files, String from, String to) throws Exception {
    Fill fill =
        by(files, (chain, where, tables) -> chain.beside(where, tables.old(), tables.fresh()));
    return replica.tables.stageFrom(
        new Successor(Replica.PARCELS, from, to, "of " + to), fill, Replica.soon());
  }

  private static String content(String table) throws Exception {
    return replica.read(CONTENT.formatted(table)).getFirst();
  }

  private static String master() throws Exception {
    try (Connection connection = replica.server.connect("master");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(CONTENT.formatted("sites_data.parcels"))) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** All that is called after a generation of the table. */
  private static List<String> named(String generation) throws Exception {
    return replica.read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'sites_data'::regnamespace AND relname LIKE 'parcels%%\\_\\_%s' ORDER BY 1"
            .formatted(generation));
  }

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

  private static void refused(TableException.Kind kind, String reason, Call call) throws Exception {
    String served = content("sites.parcels");
    Shown before = replica.tables.served(Replica.soon());
    List<String> names = replica.relations();
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            TableException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .hasMessageContaining(reason);
    assertThat(content("sites.parcels")).isEqualTo(served);
    assertThat(replica.tables.served(Replica.soon())).isEqualTo(before);
    assertThat(replica.relations()).isEqualTo(names);
  }

  private interface Call {
    void call() throws Exception;
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
}
