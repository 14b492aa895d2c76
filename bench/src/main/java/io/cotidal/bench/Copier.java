package io.cotidal.bench;

import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Credentials;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Server;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.Failure;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes copies as a user does: through the API, then with a driver and the returned address. */
final class Copier {
  private static final Map<String, String> WAIT = Map.of("Prefer", "wait=60");
  private static final String RESOURCES = "/api/v1/resources/copies/";
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Api api;

  /**
   * One copy, from the request to the answer of its first query.
   *
   * @param millis all of it
   * @param phases milliseconds of its parts
   */
  record Made(long millis, Map<String, Long> phases) {
    Made {
      phases = Map.copyOf(phases);
    }
  }

  Copier(URI daemon, String token) {
    Server server = Server.parse("http://" + daemon.getAuthority(), "the measurement");
    this.api = new Api(server, new Credentials(Map.of("COT_TOKEN", token)));
  }

  /** Copies with these names, all asked for at the same moment. */
  List<Made> make(String template, List<String> names) throws BenchProblem {
    return all(names.stream().<Callable<Made>>map(name -> () -> make(template, name)).toList());
  }

  /** Removes copies, and waits until they are gone. */
  void remove(String template, List<String> names) throws BenchProblem {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (String name : names) {
      calls.add(() -> {
        api.post(RESOURCES + template + "/delete", Map.of("name", name), WAIT);
        return 0;
      });
    }
    int _ = all(calls).size();
    awaitItems(template, "copy", "", 0);
  }

  private Made make(String template, String name) throws BenchProblem {
    long begun = System.nanoTime();
    Node operation = api.post(RESOURCES + template + "/create", Map.of("name", name), WAIT).body();
    if (!operation.text("state").equals("done")) {
      throw new BenchProblem("create " + name + " of " + template + ": " + operation);
    }
    long created = System.nanoTime();
    Node ways = api.get(RESOURCES + template + "/items/copy/" + name + "/access").at("access");
    long told = System.nanoTime();
    query(ways.text("jdbc"));
    long done = System.nanoTime();
    Map<String, Long> phases = new TreeMap<>(evidence(operation));
    phases.put("1 create", millis(begun, created));
    phases.put("2 address", millis(created, told));
    phases.put("3 login and query", millis(told, done));
    return new Made(millis(begun, done), phases);
  }

  /** Of the steps; where a later step repeats a name, it counts. */
  private static Map<String, Long> evidence(Node operation) {
    Map<String, Long> found = new TreeMap<>();
    for (Node row : operation.list("steps")) {
      row.texts("evidence")
          .forEach((name, value) -> {
            if (name.endsWith("millis")) {
              found.put("act: " + name, Long.valueOf(value));
            }
          });
    }
    return found;
  }

  private static void query(String address) throws BenchProblem {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT body FROM entries WHERE id = " + DumpWriter.KNOWN)) {
      if (!row.next() || !row.getString(1).equals(DumpWriter.known())) {
        throw new BenchProblem("the copy lacks a row of its template");
      }
    } catch (SQLException e) {
      throw new BenchProblem("the copy does not answer: " + e.getMessage(), e);
    }
  }

  /**
   * Waits until that many items of that sort are in that state; all of the sort, if it is empty.
   */
  void awaitItems(String template, String sort, String state, int count) throws BenchProblem {
    long end = System.nanoTime() + Duration.ofMinutes(30).toNanos();
    while (System.nanoTime() < end) {
      try {
        List<Node> items =
            api.get(RESOURCES + template + "/items?sort=" + sort).list("items").stream()
                .filter(item -> state.isEmpty() || item.text("state").equals(state))
                .toList();
        if (items.size() == count) {
          return;
        }
      } catch (Failure | Unreachable e) {
        // Not yet shown, or too busy with an import to say.
      }
      pause();
    }
    throw new BenchProblem("%s never had %d %s %s".formatted(template, count, state, sort));
  }

  private static void pause() throws BenchProblem {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  private static <T> List<T> all(List<Callable<T>> calls) throws BenchProblem {
    List<T> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (Future<T> each : pool.invokeAll(calls)) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new BenchProblem(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  private static long millis(long from, long to) {
    return (to - from + 500_000) / 1_000_000;
  }
}
