package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.HaltingStore.Order;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.Prober;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One cluster on which the daemon is killed at one commit of an operation's rows after the other,
 * while a client writes, and started again each time.
 */
final class CrashRounds implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KILLED = 137;

  /** Acts that would do harm if they took effect twice. */
  private static final Set<String> ONCE = Set.of("promote", "clone", "rewind", "init");

  private final ClusterLab lab;
  private final Path order;
  private final DaemonProcess daemon;
  private final Prober prober;
  private int rounds;

  /** Makes a cluster in {@code lab}, which it closes at the end. */
  CrashRounds(ClusterLab lab) throws IOException, InterruptedException, SQLException {
    this.lab = lab;
    this.order = lab.cluster().folder().resolve("halt");
    this.daemon = DaemonProcess.halting(lab, order);
    await().atMost(LONG).until(() -> Views.leads(daemon.view()));
    assertThat(daemon.begin("create", "create", "{}").status()).isEqualTo(202);
    awaitWhole(0);
    this.prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1);
  }

  @Override
  public void close() throws IOException {
    prober.close();
    lab.close();
  }

  /** What begins the work during which the daemon is killed. */
  enum Occasion {
    SWITCHOVER,
    /** The primary is killed; it comes back as a replica behind the failover. */
    FAILOVER
  }

  /**
   * At which commits the daemon is killed.
   *
   * @param first of them, from 1
   * @param step how many further on the next one is
   */
  record Points(int first, int step) {
    static final Points ALL = new Points(1, 1);

    /** Every {@code step}-th, beginning by chance. */
    static Points sample(int step) {
      return new Points(ThreadLocalRandom.current().nextInt(step) + 1, step);
    }
  }

  /** What was before a round. */
  private record Before(String primary, long operation, long nanos, long id, Promotions logs) {}

  /**
   * Kills the daemon on that side of one commit after the other, until there is no such commit any
   * more.
   *
   * @return what was done, for the record
   */
  String exhaust(Occasion occasion, Side side, Points points)
      throws IOException, InterruptedException, SQLException {
    long began = System.nanoTime();
    Map<String, Integer> ends = new TreeMap<>();
    int commit = points.first();
    while (round(occasion, new Order(side, commit, ++rounds), ends)) {
      commit += points.step();
    }
    // With hardly any commit nothing would be shown.
    assertThat(commit).isGreaterThan(5);
    return "daemon killed %s commit %d and every %d. one behind it, up to %d, of a %s in %d s: one primary, lost 0, dual 0; operations %s"
        .formatted(
            side.name().toLowerCase(Locale.ROOT),
            points.first(),
            points.step(),
            commit - 1,
            occasion.name().toLowerCase(Locale.ROOT),
            Duration.ofNanos(System.nanoTime() - began).toSeconds(),
            ends);
  }

  /** One round; false if everything had ended before the ordered commit. */
  private boolean round(Occasion occasion, Order halt, Map<String, Integer> ends)
      throws IOException, InterruptedException, SQLException {
    // A look may have been late since the round before ended.
    Node view = await().atMost(LONG).until(daemon::view, Views::whole);
    Before before =
        new Before(
            Views.primary(view).orElseThrow(),
            Views.lastNumber(view),
            System.nanoTime(),
            prober.mark(),
            Promotions.count(lab));
    String key = UUID.randomUUID().toString();
    halt.write(order);
    switch (occasion) {
      case SWITCHOVER -> switchover(key);
      case FAILOVER -> lab.cluster().processes(before.primary()).kill();
    }
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(!daemon.alive() || wholeAfter(before.operation()))
                .as(() -> halt + ": " + daemon.story())
                .isTrue());
    boolean halted = !daemon.alive();
    Files.delete(order);
    if (halted) {
      assertThat(daemon.exit()).as("%s", daemon.lastWords()).isEqualTo(KILLED);
      daemon.again();
      if (occasion == Occasion.SWITCHOVER) {
        await()
            .pollInterval(Duration.ofMillis(50))
            .atMost(LONG)
            .until(() -> Views.leads(daemon.view()));
        // What a client does that got no answer; it must not move the primary twice.
        assertThat(daemon.beginOnceFree("switchover", key, "{}").status())
            .as("%s", halt)
            .isBetween(200, 202);
      }
      awaitWhole(before.operation());
    }
    check(halt, before, ends);
    return halted;
  }

  private void switchover(String key) throws InterruptedException {
    try {
      assertThat(daemon.beginOnceFree("switchover", key, "{}").status()).isEqualTo(202);
    } catch (IOException e) {
      // The answer died with the daemon.
      await().atMost(LONG).until(() -> !daemon.alive());
    }
  }

  private boolean wholeAfter(long operation) throws InterruptedException {
    Node view = daemon.view();
    return Views.whole(view) && Views.lastNumber(view) > operation;
  }

  private void awaitWhole(long operation) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(LONG)
        .untilAsserted(() -> assertThat(wholeAfter(operation)).as(daemon::story).isTrue());
  }

  private void check(Order halt, Before before, Map<String, Integer> ends)
      throws IOException, InterruptedException, SQLException {
    Node view = daemon.view();
    String story = halt + ": " + daemon.story();
    // Who does not answer a probe in time may be the one all the same.
    List<String> primaries = await().atMost(LONG).until(this::primaries, found -> !found.isEmpty());
    assertThat(primaries).as("%s", story).hasSize(1);
    long promotedByJournal = 0;
    for (long number = before.operation() + 1; number <= Views.lastNumber(view); number++) {
      Node operation = daemon.operation(number);
      promotedByJournal += checkOnce(operation, ends, story);
      ends.merge(operation.text("type") + " " + operation.text("state"), 1, Integer::sum);
    }
    Map<String, Long> promoted = Promotions.count(lab).since(before.logs());
    long promotions = promoted.values().stream().mapToLong(Long::longValue).sum();
    assertThat(promotions).as("%s by their logs; %s", promoted, story).isEqualTo(promotedByJournal);

    Acknowledgements mine =
        new Acknowledgements(
            prober.acknowledgements().inOrder().stream()
                .filter(each -> each.id() >= before.id())
                .toList());
    assertThat(mine.lost(prober.present(primaries.getFirst(), before.id())))
        .as("%s", story)
        .isZero();
    if (!primaries.getFirst().equals(before.primary())) {
      assertThat(
              mine.dual(before.primary(), primaries.getFirst(), before.nanos(), System.nanoTime()))
          .as("%s", story)
          .isZero();
    }
    assertThat(changesOfSide(mine)).as("%s", story).isLessThanOrEqualTo(promotions);
  }

  private List<String> primaries() {
    List<String> found = new ArrayList<>();
    for (var target : lab.cluster().members()) {
      if (Prober.primary(List.of(target), lab.cluster().login()).isPresent()) {
        found.add(target.member());
      }
    }
    return found;
  }

  /**
   * How many promotions the operation's rows hold as done; no act of {@link #ONCE} is done twice.
   */
  private static long checkOnce(Node operation, Map<String, Integer> ends, String story) {
    Map<String, Integer> done = new HashMap<>();
    for (Node row : operation.list("steps")) {
      Node step = row.at("step");
      if (row.text("state").equals("done") && ONCE.contains(step.text("act"))) {
        done.merge(step.text("act") + " " + step.text("member"), 1, Integer::sum);
        ends.merge("act " + step.text("act"), 1, Integer::sum);
      }
    }
    assertThat(done.values()).as("%s of %s", done, story).allMatch(count -> count == 1);
    return done.keySet().stream().filter(each -> each.startsWith("promote ")).count();
  }

  /** How often another member than before acknowledged. */
  private static long changesOfSide(Acknowledgements all) {
    long changes = 0;
    String last = "";
    for (var each : all.inOrder()) {
      if (!last.isEmpty() && !last.equals(each.member())) {
        changes++;
      }
      last = each.member();
    }
    return changes;
  }
}
