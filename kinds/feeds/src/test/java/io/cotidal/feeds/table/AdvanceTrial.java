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
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS, real deltas, and a table of which two generations are here. */
@Timeout(60)
abstract class AdvanceTrial {
  static final String CONTENT =
      "SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t";

  @TempDir static Path folder;
  static Replica replica;
  private static int count;

  final List<Path> deltas = new ArrayList<>();
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

  static void change(String sql) throws Exception {
    replica.master(sql);
  }

  void pack() throws Exception {
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

  /** Deltas at work. */
  interface Work {
    void by(DeltaChain chain, DeltaChain.Where where, Filling.Tables tables) throws Exception;
  }

  static Fill by(List<Path> files, Work work) {
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

  static Staged forward(List<Path> files, String from, String to) throws Exception {
    Fill fill = by(files, (chain, where, tables) -> chain.inPlace(where, tables.fresh()));
    return replica.tables.advance(
        new Successor(Replica.PARCELS, from, to, "of " + to), fill, Replica.soon());
  }

  static Staged copy(List<Path> files, String from, String to) throws Exception {
    Fill fill =
        by(files, (chain, where, tables) -> chain.beside(where, tables.old(), tables.fresh()));
    return replica.tables.stageFrom(
        new Successor(Replica.PARCELS, from, to, "of " + to), fill, Replica.soon());
  }

  static String content(String table) throws Exception {
    return replica.read(CONTENT.formatted(table)).getFirst();
  }

  static String master() throws Exception {
    try (Connection connection = replica.server.connect("master");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(CONTENT.formatted("sites_data.parcels"))) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** All that is called after a generation of the table. */
  static List<String> named(String generation) throws Exception {
    return replica.read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'sites_data'::regnamespace AND relname LIKE 'parcels%%\\_\\_%s' ORDER BY 1"
            .formatted(generation));
  }

  /** Nothing that is served, kept or there has changed. */
  static void refused(TableException.Kind kind, String reason, Call call) throws Exception {
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

  /** What is refused. */
  interface Call {
    void call() throws Exception;
  }
}
