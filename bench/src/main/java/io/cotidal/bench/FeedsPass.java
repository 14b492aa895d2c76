package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.plan.FeedsKind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.steps.FeedsDriver;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Wanted;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pass that finds nothing to do: all layers are published, a commit comes that changes none of
 * them, every member is looked at once, one after another, and the plan is made. Its only wish is
 * to note the commit, and nobody is written to. The daemon that published them all is asleep
 * meanwhile; before it stopped, the time from such a commit until it was in force was taken, with
 * the up to one second that the daemon waits until it looks.
 */
final class FeedsPass implements FeedsCell {
  private static final String MARK = "mark";
  private static final String NUMBERS =
      "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
  private static final int ROWS = 10;

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final FeedsKind kind = new FeedsKind();
  private final Line pass;
  private final Line first;
  private final Line daemon;
  private final Line writes = new Line("writes in a pass without work", "", new Bar(Held.ZERO, 0));

  FeedsPass(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    String size = "%d layers, nothing to do: ".formatted(effort.layers());
    this.pass = new Line(size + "looks and plan", "ms", new Bar(Held.MEDIAN, 2_000));
    this.first = new Line(size + "the first after a start", "ms", Bar.NONE);
    this.daemon = new Line(size + "commit to mark", "ms", Bar.NONE);
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsHouse house = FeedsHouse.open()) {
      long begun = System.nanoTime();
      house.publish(effort.layers(), ROWS, "first");
      String head = house.master().commit("all");
      house.start();
      house.awaitSettled(head);
      progress.printf(
          "     %d layers are published, after %d s%n",
          effort.layers(), (System.nanoTime() - begun) / 1_000_000_000);
      for (int round = 1; round <= rounds; round++) {
        String next = house.master().commit("nothing " + round);
        long committed = System.nanoTime();
        house.awaitSettled(next);
        daemon.values().add((System.nanoTime() - committed) / 1_000);
      }
      ResourceView view = house.view();
      house.stop();
      // It would write where nobody else does.
      house.ground().execute(FeedsGround.REPLICA, "ALTER SYSTEM SET autovacuum = off");
      house.ground().execute(FeedsGround.REPLICA, "SELECT pg_reload_conf()");
      passes(house, view, rounds);
    }
    return List.of(pass, first, daemon, writes);
  }

  private void passes(FeedsHouse house, ResourceView view, int rounds)
      throws BenchProblem, IOException, SQLException {
    FeedsSpec spec = house.spec();
    try (FeedsDriver driver = new FeedsDriver(spec, InstantSource.system())) {
      first.values().add(one(driver, spec, view, ""));
      // Those were of the first.
      pass.parts().clear();
      for (int round = 1; round <= rounds; round++) {
        house.master().commit("nothing more " + round);
        Until.pass(FeedsHouse.POLL.plusMillis(200));
        long before = house.ground().number(FeedsGround.REPLICA, NUMBERS);
        long calls = house.geoserver().journal().writes();
        pass.values().add(one(driver, spec, view, MARK));
        long written = house.geoserver().journal().writes() - calls;
        written += house.ground().number(FeedsGround.REPLICA, NUMBERS) - before;
        writes.values().add(written * 1_000);
        progress.printf(
            "%3d/%d  looks and plan %.0f ms, %d writes%n",
            round, rounds, pass.values().getLast() / 1e3, written);
      }
    }
  }

  /** Microseconds of all looks and the plan, which must be that alone. */
  private long one(FeedsDriver driver, FeedsSpec spec, ResourceView view, String wanted)
      throws BenchProblem {
    long begun = System.nanoTime();
    State<FeedsFacts> state = state(spec, view);
    for (MemberId member : spec.members()) {
      long look = System.nanoTime();
      Observation<FeedsFacts> seen = driver.observe(member, Duration.ofMinutes(5));
      if (!(seen instanceof Observation.Seen<FeedsFacts>)) {
        throw new BenchProblem(member + " cannot be looked at: " + seen);
      }
      state = state.next(member, seen, look);
      pass.part(member.name(), (System.nanoTime() - look) / 1_000);
    }
    long planning = System.nanoTime();
    List<String> plan =
        kind.plan(spec, state.at(now())).stream().map(Wanted::type).distinct().toList();
    pass.part("plan", (System.nanoTime() - planning) / 1_000);
    long micros = (System.nanoTime() - begun) / 1_000;
    if (!plan.equals(wanted.isEmpty() ? List.of() : List.of(wanted))) {
      throw new BenchProblem("nothing is to be done, and the plan is " + plan);
    }
    return micros;
  }

  private static Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis() * 1_000);
  }

  /** What the daemon knew when it stopped, with nobody looked at. */
  private static State<FeedsFacts> state(FeedsSpec spec, ResourceView view) {
    SortedMap<String, Item> items = new TreeMap<>();
    view.items().forEach(item -> items.put(item.key(), item));
    State<FeedsFacts> empty = State.empty(now(), spec.members());
    return new State<>(
        now(), view.epoch(), true, view.ledger(), empty.members(), new TreeMap<>(), items);
  }
}
