package io.cotidal.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Four readers of a published table: each counts what lies in a small box, somewhere, again and
 * again without a pause.
 */
final class FeedsReaders {
  private static final int READERS = 4;
  private static final long SEED = 20_261_122;

  private final FeedsGround ground;
  private final String database;
  private final List<Reader> readers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /**
   * What readers met.
   *
   * @param micros of each query, the shortest first
   * @param errors what went wrong
   */
  record Seen(List<Long> micros, List<String> errors) {
    Seen {
      micros = List.copyOf(micros);
      errors = List.copyOf(errors);
    }

    /** Of a hundred queries, 99 took at most so many microseconds. */
    long p99() {
      return micros.get((int) Math.ceil(micros.size() * 0.99) - 1);
    }
  }

  private FeedsReaders(FeedsGround ground, String database) {
    this.ground = ground;
    this.database = database;
  }

  /** Starts them on the view {@code sites.parcels} of a database. */
  static FeedsReaders start(FeedsGround ground, String database) {
    FeedsReaders all = new FeedsReaders(ground, database);
    for (int i = 0; i < READERS; i++) {
      Reader reader = all.new Reader(new SplittableRandom(SEED + i));
      all.readers.add(reader);
      all.threads.add(Thread.ofPlatform().daemon().name("reader " + i).start(reader));
    }
    return all;
  }

  /** Stops them. */
  Seen stop() throws BenchProblem {
    over = true;
    List<Long> micros = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    try {
      for (int i = 0; i < READERS; i++) {
        threads.get(i).join();
        micros.addAll(readers.get(i).micros);
        errors.addAll(readers.get(i).errors);
      }
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
    if (micros.isEmpty()) {
      throw new BenchProblem("nobody could read: " + errors);
    }
    Collections.sort(micros);
    return new Seen(micros, errors);
  }

  /** One of them, with a connection of its own. */
  private final class Reader implements Runnable {
    private static final int MOST_ERRORS = 1_000;

    private final SplittableRandom random;
    private final List<Long> micros = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    Reader(SplittableRandom random) {
      this.random = random;
    }

    @Override
    public void run() {
      while (!over && errors.size() < MOST_ERRORS) {
        try (Connection connection = ground.connect(database);
            Statement statement = connection.createStatement()) {
          while (!over) {
            one(statement);
          }
        } catch (SQLException e) {
          errors.add(e.getSQLState() + " " + e.getMessage());
        }
      }
    }

    private void one(Statement statement) throws SQLException {
      double x = 115 + random.nextDouble() * 0.99;
      double y = -35 + random.nextDouble() * 0.99;
      String sql =
          "SELECT count(*) FROM sites.parcels WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
              .formatted(x, y, x + 0.01, y + 0.01);
      long begun = System.nanoTime();
      try (ResultSet rows = statement.executeQuery(sql)) {
        boolean _ = rows.next();
      }
      micros.add((System.nanoTime() - begun) / 1_000);
    }
  }
}
