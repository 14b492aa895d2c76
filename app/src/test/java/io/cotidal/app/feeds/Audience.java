package io.cotidal.app.feeds;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Those who read all the time while something is published: of tables, of WFS, of WMS. */
final class Audience implements AutoCloseable {
  /** Between two questions of one reader: so many of them leave room for the others. */
  private static final Duration REST = Duration.ofMillis(50);

  private final FeedsLab lab;
  private final ReplicaDesk desk;
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;

  Audience(FeedsLab lab, ReplicaDesk desk) {
    this.lab = lab;
    this.desk = desk;
  }

  /** A question that is asked again and again; the answer is what is wrong, empty if nothing. */
  @FunctionalInterface
  interface Question {
    String ask() throws IOException, InterruptedException, SQLException;
  }

  /** Somebody who asks over one connection; each answer must be one of these. */
  Audience reads(String sql, List<String> right) {
    return starts(() -> {
      try (Connection connection = lab.postgis.connect(FeedsLab.DATABASE);
          Statement statement = connection.createStatement()) {
        loop(
            sql,
            () -> {
              try (ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                String answer = rows.getString(1);
                return right.contains(answer) ? "" : "answers " + answer;
              }
            });
      } catch (SQLException e) {
        troubles.add(sql + ": " + e.getMessage());
      }
    });
  }

  /** Somebody who reads a table; it must be wholly of one word, and of so many rows. */
  Audience reads(String view, int rows) {
    String sql = "SELECT count(DISTINCT category) || ' ' || count(*) FROM " + view;
    return reads(sql, List.of("1 " + rows));
  }

  /** Somebody who asks WFS for layers in turn. */
  Audience features(String workspace, List<String> names) {
    AtomicInteger turn = new AtomicInteger();
    return starts(() -> loop("WFS", () -> desk.wfs(next(workspace, names, turn))));
  }

  /** Somebody who asks WMS for layers in turn. */
  Audience maps(String workspace, List<String> names) {
    AtomicInteger turn = new AtomicInteger();
    return starts(() -> loop("WMS", () -> desk.wms(next(workspace, names, turn))));
  }

  private static String next(String workspace, List<String> names, AtomicInteger turn) {
    return workspace + ":" + names.get(turn.getAndIncrement() % names.size());
  }

  private Audience starts(Runnable reader) {
    threads.add(Thread.ofVirtual().start(reader));
    return this;
  }

  private void loop(String who, Question question) {
    while (!over) {
      long began = System.nanoTime();
      try {
        String wrong = question.ask();
        if (!wrong.isEmpty()) {
          troubles.add(who + ": " + wrong);
        }
      } catch (IOException | SQLException e) {
        troubles.add(who + ": " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      nanos.add(System.nanoTime() - began);
      LockSupport.parkNanos(REST.toNanos());
    }
  }

  /** What went wrong so far. */
  List<String> troubles() {
    return List.copyOf(troubles);
  }

  /** How many questions were answered so far. */
  int answered() {
    return nanos.size();
  }

  /** How many of the answers took longer than that. */
  long slower(Duration than) {
    return List.copyOf(nanos).stream().filter(each -> each > than.toNanos()).count();
  }

  /** The longest answers, for people. */
  String measured() {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return "%d questions, p99 %.0f ms, longest %.0f ms"
        .formatted(
            sorted.size(), sorted.get(sorted.size() * 99 / 100) / 1e6, sorted.getLast() / 1e6);
  }

  @Override
  public void close() {
    over = true;
    try {
      for (Thread each : threads) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
