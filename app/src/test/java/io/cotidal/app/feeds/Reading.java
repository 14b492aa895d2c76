package io.cotidal.app.feeds;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody who reads the published parcels all the time, and keeps what was seen. */
final class Reading implements AutoCloseable {
  private static final long LONGEST_MILLIS = 30_000;

  private final Set<String> seen = new ConcurrentSkipListSet<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean over;

  /** The statement that reads a table's rows as one text. */
  static String content(String table) {
    return "SELECT count(*) || ' ' || md5(string_agg(t::text, '|' ORDER BY id)) FROM "
        + table
        + " t";
  }

  Reading(FeedsLab lab) {
    this.thread = Thread.ofVirtual().start(() -> read(lab));
  }

  private void read(FeedsLab lab) {
    try (Connection connection = lab.postgis.connect(FeedsLab.DATABASE);
        Statement statement = connection.createStatement()) {
      while (!over) {
        try (ResultSet rows = statement.executeQuery(content("sites.parcels"))) {
          rows.next();
          seen.add(rows.getString(1));
        } catch (SQLException e) {
          errors.add(e.toString());
        }
      }
    } catch (SQLException e) {
      errors.add(e.toString());
    }
  }

  /** Each content that was seen. */
  Set<String> seen() {
    return seen;
  }

  List<String> errors() {
    return errors;
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join(LONGEST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
