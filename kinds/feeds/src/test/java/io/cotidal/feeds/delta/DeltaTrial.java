package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source and a replica on one server, and what tests of deltas do with them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeltaTrial {
  private static final String PARCELS =
      """
      CREATE TABLE data.parcels (id integer PRIMARY KEY, name varchar(40), val bigint NOT NULL,
        geom geometry(Polygon,4326));
      CREATE INDEX ON data.parcels USING gist (geom);
      INSERT INTO data.parcels SELECT g, 'parcel ' || g, g::bigint * 7919 % 1000,
        st_buffer(st_setsrid(st_makepoint(115 + g % 100 / 100.0, -32), 4326), 0.001, 4)
        FROM generate_series(1, 5000) g;
      """;

  /** What is done with deltas inside a transaction. */
  interface Work {
    void in(DeltaChain chain, DeltaChain.Where where) throws Exception;
  }

  DeltaLab lab;
  PgSession source;
  PgSession replica;
  final AtomicInteger number = new AtomicInteger();
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

  void both(String sql) throws PgException {
    source.run(sql, DeltaLab.LONG);
    replica.run(sql, DeltaLab.LONG);
  }

  void parcels() throws PgException {
    for (String statement : PARCELS.split(";\n", -1)) {
      if (!statement.isBlank()) {
        both(statement);
      }
    }
  }

  void change(String sql) throws PgException {
    source.run(sql, DeltaLab.LONG);
  }

  Packed pack(String table, Path states) throws Exception {
    return new Packing(source, states, DeltaLab.soon())
        .pack("data", table, folder.resolve("delta" + number.incrementAndGet()));
  }

  Path states() {
    return folder.resolve("states" + number.incrementAndGet());
  }

  /** Brings a table of the replica's forward. */
  void inPlace(String table, Path... deltas) throws Exception {
    transaction(replica, DeltaLab.soon(), List.of(deltas), forward(table));
  }

  /** Makes a table like another one of the replica's, with its indexes, brought forward. */
  void beside(String old, String fresh, Path... deltas) throws Exception {
    transaction(replica, DeltaLab.soon(), List.of(deltas), copy(old, fresh));
  }

  static Work forward(String table) {
    return (chain, where) -> chain.inPlace(where, table);
  }

  static Work copy(String old, String fresh) {
    return (chain, where) -> {
      where.run(
          "CREATE TABLE %s (LIKE %s INCLUDING ALL)"
              .formatted(where.quoted(fresh), where.quoted(old)));
      chain.beside(where, old, fresh);
    };
  }

  /** As whoever makes a generation has one. */
  static void transaction(PgSession session, Deadline deadline, List<Path> deltas, Work work)
      throws Exception {
    try (DeltaChain chain = DeltaChain.open(deltas, DeltaLimits.USUAL)) {
      session.run("BEGIN", deadline.left());
      boolean done = false;
      try {
        work.in(chain, new DeltaChain.Where(session, deadline, "data"));
        session.run("COMMIT", deadline.left());
        done = true;
      } finally {
        if (!done && !session.broken()) {
          session.run("ROLLBACK", DeltaLab.LONG);
        }
      }
    }
  }

  /** What a table of the replica's holds, by our sums. */
  TableDigest digest(String table) throws Exception {
    replica.run("BEGIN READ ONLY", DeltaLab.LONG);
    try {
      Deadline soon = DeltaLab.soon();
      Anatomy.prepare(replica, soon);
      return Anatomy.read(replica, "data", table, soon)
          .digest(replica, "data." + Quote.identifier(table) + " t", soon);
    } finally {
      replica.run("ROLLBACK", DeltaLab.LONG);
    }
  }

  /** All rows, by PostgreSQL's own words and not by our sums. */
  static String content(PgSession session, String table) throws PgException {
    return session.one(
        "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\"), '')) FROM data."
            + table
            + " t",
        DeltaLab.LONG,
        row -> row.getString(1));
  }

  Packed.Changed changed(String... statements) throws Exception {
    parcels();
    Path states = states();
    assertThat(pack("parcels", states)).isInstanceOf(Packed.Fresh.class);
    for (String statement : statements) {
      change(statement);
    }
    return (Packed.Changed) pack("parcels", states);
  }

  static final String[] USUAL = {
    "UPDATE data.parcels SET name = name || ' x', geom = st_translate(geom, 0.1, 0) WHERE id % 100 = 0",
    "DELETE FROM data.parcels WHERE id % 100 = 1",
    "INSERT INTO data.parcels SELECT g, NULL, g, NULL FROM generate_series(6001, 6040) g"
  };
}
