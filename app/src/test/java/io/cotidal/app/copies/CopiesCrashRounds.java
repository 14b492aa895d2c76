package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.HaltingMain;
import io.cotidal.app.HaltingStore.Order;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.cli.api.Node;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * One volume on which the daemon is killed at one commit after the other while a copy is made,
 * reset or deleted, or a dump imported, and started again each time.
 */
final class CopiesCrashRounds implements AutoCloseable {
  private static final String SHOP = "shop";
  private static final String KEPT = "kept";
  private static final String ROUND = "round";
  private static final int ROWS = 50;
  private static final int KILLED = 137;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final CopiesLab lab;
  private final boolean shared;
  private final Path order;
  private final List<String> command;
  private Process process;
  private Api api;
  private int rounds;
  private int dumps;

  /** What is under way when the daemon is killed. */
  enum Work {
    CREATE,
    RESET,
    DELETE,
    IMPORT
  }

  /** On an engine; {@code shared} is PostgreSQL whose copies are databases of one server. */
  CopiesCrashRounds(CopiesLab lab, String engine) throws Exception {
    this.lab = lab;
    this.shared = engine.equals("shared");
    this.order = lab.folder.resolve("halt");
    Path dump = lab.dump("shop.sql", ROWS, "gold");
    Map<String, String> keys = new TreeMap<>(shared ? CopiesLab.shared() : Map.of());
    keys.put("dump", dump.toString());
    lab.configure(List.of(new Template(SHOP, shared ? "postgres" : engine, keys)));
    command = DaemonProcess.java(List.of());
    command.addAll(List.of(HaltingMain.class.getName(), lab.file().toString(), order.toString()));
    process = launch();
    api = Api.of(lab.port, "");
    awaitLeading();
    await().atMost(LONG).until(() -> api.view(SHOP).at("ledger").text("generation").equals("g1"));
    assertThat(api.create(SHOP, KEPT).status()).isEqualTo(201);
    Jdbc.execute(api.jdbc(SHOP, KEPT), "UPDATE customers SET name = 'mine'");
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lab.close();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Path said = lab.folder.resolve("daemon.log");
    return lab.registry.start(
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile())));
  }

  private void awaitLeading() {
    Path token = lab.folder.resolve("admin.token");
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          api = api.as(Files.exists(token) ? Files.readString(token).strip() : "none");
          Node view = api.view(SHOP);
          return view.flag("leading") && !view.at("diagnosis").text("code").equals("unclear");
        });
  }

  /**
   * Kills the daemon on that side of the first, the second, the third commit, until there is no
   * such commit any more.
   *
   * @return what was done, for the record
   */
  String exhaust(Work work, Side side) throws Exception {
    long began = System.nanoTime();
    int commit = 1;
    while (round(work, new Order(side, commit, ++rounds))) {
      commit++;
    }
    // With hardly any commit nothing would be shown.
    assertThat(commit).isGreaterThan(2);
    return "daemon killed %s each of %d commits of a %s in %d s: no half copy, nothing left behind"
        .formatted(
            side.name().toLowerCase(Locale.ROOT),
            commit - 1,
            work.name().toLowerCase(Locale.ROOT),
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
  }

  /** Kills the daemon after so many milliseconds of the work, whatever it does just then. */
  void interrupt(Work work, int millis) throws Exception {
    String moment = work + " after " + millis + " ms";
    String kept = prepare(work, moment);
    ask(work, dump());
    await()
        .pollDelay(Duration.ofMillis(millis))
        .atMost(LONG)
        .until(() -> process.destroyForcibly().waitFor(10, TimeUnit.SECONDS));
    process = launch();
    awaitLeading();
    check(work, moment, kept);
  }

  /** One round; false if everything had ended before the ordered commit. */
  private boolean round(Work work, Order halt) throws Exception {
    String kept = prepare(work, halt.toString());
    Path fresh = dump();
    halt.write(order);
    ask(work, fresh);
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(LONG)
        .until(() -> !process.isAlive() || quiet());
    boolean halted = !process.isAlive();
    Files.delete(order);
    if (halted) {
      assertThat(process.exitValue()).as(this::lastWords).isEqualTo(KILLED);
      process = launch();
      awaitLeading();
    }
    check(work, halt.toString(), kept);
    return halted;
  }

  /** Another one each time: what was imported already is not imported again by itself. */
  private Path dump() throws IOException {
    return lab.dump("round-" + ++dumps + ".sql", ROWS, "round" + dumps);
  }

  /** Makes the copy that the work needs; gives the way to the one that must not suffer. */
  private String prepare(Work work, String moment) throws Exception {
    if (work == Work.RESET || work == Work.DELETE) {
      assertThat(api.create(SHOP, ROUND).status()).isEqualTo(201);
      Jdbc.execute(api.jdbc(SHOP, ROUND), "DELETE FROM customers WHERE id = 1");
    }
    awaitQuiet(moment);
    return api.jdbc(SHOP, KEPT);
  }

  private void ask(Work work, Path fresh) throws InterruptedException {
    String action = work.name().toLowerCase(Locale.ROOT);
    Map<String, Object> input =
        work == Work.IMPORT ? Map.of("dump", fresh.toString()) : Map.of("name", ROUND);
    try {
      Answer answer = api.act(SHOP, action, input, 0);
      assertThat(answer.status()).as("%s", answer).isBetween(200, 202);
    } catch (IOException e) {
      // The answer died with the daemon.
      await().atMost(LONG).until(() -> !process.isAlive());
    }
  }

  private boolean quiet() throws InterruptedException {
    try {
      Node view = api.view(SHOP);
      return view.flag("leading")
          && view.list("wanted").isEmpty()
          && view.list("operations").stream()
              .map(operation -> operation.text("state"))
              .allMatch(Set.of("done", "failed", "cancelled", "moot", "superseded")::contains);
    } catch (IOException e) {
      return false;
    }
  }

  /** Until nothing is under way and the volume holds what the items say, and no more. */
  private void awaitQuiet(String halt) {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> {
          assertThat(quiet()).as(() -> halt + ": " + lastWords()).isTrue();
          Set<String> places = new TreeSet<>(api.places(SHOP, "generation"));
          Set<String> running = new TreeSet<>();
          Set<String> copies = new TreeSet<>();
          for (Node copy : api.items(SHOP, "copy").values()) {
            assertThat(copy.text("state")).as("%s: %s", halt, copy).isEqualTo("ready");
            copies.add(copy.at("facts").text("id"));
          }
          if (shared) {
            places.forEach(generation -> running.add(CopiesLab.host(generation)));
            assertThat(databases(api.items(SHOP, "copy").keySet()))
                .as("%s: databases", halt)
                .isEqualTo(copies);
          } else {
            running.addAll(copies);
          }
          // A claim counts for nothing once its place is gone, and a kill can leave one.
          Set<String> claims = lab.claims();
          claims.retainAll(lab.places(SHOP));
          assertThat(claims).as("%s: ports", halt).isEqualTo(running);
          places.addAll(running);
          places.addAll(copies);
          assertThat(lab.places(SHOP)).as("%s: places", halt).isEqualTo(places);
          int servers = 0;
          for (String id : running) {
            int processes = lab.servers(SHOP, id).list().size();
            // A generation's server starts when somebody needs it; a copy's own one runs.
            assertThat(shared || processes > 0).as("%s: server of %s", halt, id).isTrue();
            servers += processes;
          }
          List<ProcessId> found = lab.servers().list();
          assertThat(found).as("%s: servers %s", halt, described(found)).hasSize(servers);
        });
  }

  /** What they run and where they work, for whoever looks for the one too many. */
  private static List<String> described(List<ProcessId> processes) {
    return processes.stream()
        .map(ProcessId::pid)
        .map(pid -> {
          try {
            Path process = Path.of("/proc", Long.toString(pid));
            String line = Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
            return pid + " in " + Files.readSymbolicLink(process.resolve("cwd")) + ": " + line;
          } catch (IOException e) {
            return pid + " has ended";
          }
        })
        .toList();
  }

  /** The databases and users of copies on the servers of those that there are. */
  private Set<String> databases(Set<String> names) throws Exception {
    Set<String> found = new TreeSet<>();
    for (String name : names) {
      try {
        String all =
            Jdbc.query(
                api.jdbc(SHOP, name),
                """
                SELECT string_agg(coalesce(datname, rolname), ',')
                FROM pg_roles FULL JOIN pg_database ON datname = rolname
                WHERE coalesce(datname, rolname) ~ '^c[0-9]+_'\
                """);
        for (String each : all.split(",")) {
          found.add(each.replace('_', '-'));
        }
      } catch (SQLException e) {
        throw new AssertionError(name + " does not answer", e);
      }
    }
    return found;
  }

  /** What is there works as it should; then the round's copy goes. */
  private void check(Work work, String halt, String kept) throws Exception {
    awaitQuiet(halt);
    assertThat(api.jdbc(SHOP, KEPT)).as("%s", halt).isEqualTo(kept);
    assertThat(Jdbc.query(kept, "SELECT name FROM customers WHERE id = 3")).isEqualTo("mine");
    List<String> names = new ArrayList<>(api.items(SHOP, "copy").keySet());
    names.remove(KEPT);
    if (work == Work.RESET) {
      assertThat(names).as("%s", halt).containsExactly(ROUND);
    }
    if (work == Work.IMPORT) {
      assertThat(api.create(SHOP, ROUND).status()).as("%s", halt).isEqualTo(201);
      names.add(ROUND);
    }
    for (String name : names) {
      String rows = Jdbc.query(api.jdbc(SHOP, name), Jdbc.COUNT);
      // Only a delete or a reset that was never taken leaves the row away that was deleted.
      boolean untouched = rows.equals(String.valueOf(ROWS - 1));
      boolean maybe = work == Work.RESET || work == Work.DELETE;
      assertThat(rows.equals(String.valueOf(ROWS)) || (maybe && untouched))
          .as("%s: %s rows in %s", halt, rows, name)
          .isTrue();
      assertThat(api.delete(SHOP, name).status()).as("%s", halt).isEqualTo(200);
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(lab.folder.resolve("daemon.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
