package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.spec.Promise;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to the other site is cut while a client makes, changes and deletes containers through the
 * gateway, fifty times a second. Then it is mended, and both sites are equal when the gateway says
 * that nothing waits any more; that it is so is looked at afterwards, container by container.
 */
final class ObjectsOutage implements ObjectsCell {
  private static final int RATE = 50;
  private static final int SIDE_BY_SIDE = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int TRIES = 20;
  private static final String META = "X-Container-Meta-Bench";

  private final ObjectsBench.Effort effort;
  private final PrintStream progress;
  private final Line equal;
  private final Line reached =
      new Line("container operations a second during the outage", "1/s", Bar.NONE);

  ObjectsOutage(ObjectsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.equal =
        new Line(
            "equal after %d s without the other site".formatted(effort.outage().toSeconds()),
            "s",
            new Bar(Held.MEDIAN, 30));
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsHouse house = ObjectsHouse.open(2);
        ObjectsGate gate = ObjectsGate.open(house, "outage", Promise.LOCAL)) {
      for (int round = 1; round <= rounds; round++) {
        one(house, gate, round);
      }
    }
    return List.of(equal, reached);
  }

  private void one(ObjectsHouse house, ObjectsGate gate, int round)
      throws BenchProblem, IOException {
    house.way(1).cut();
    Tally tally = operate(gate.user(), round);
    int waiting = gate.waiting();
    house.way(1).mend();
    long begun = System.nanoTime();
    Until.holds("both sites are equal", PATIENCE, LOOK, () -> gate.waiting() == 0);
    equal.values().add((System.nanoTime() - begun) / 1_000_000);
    equal.part("containers that waited", waiting * 1_000L);
    long seconds = effort.outage().toSeconds();
    reached.values().add(tally.made().get() * 1_000L / seconds);
    reached.part("of these refused", tally.refused().get() * 1_000L / seconds);
    progress.printf(
        "%3d  %d operations, %.1f a second, %d containers waited, equal after %.1f s%n",
        round,
        tally.made().get(),
        reached.values().getLast() / 1e3,
        waiting,
        equal.values().getLast() / 1e3);
    check(house, round);
  }

  /** What clients did, and what of it was answered with a trouble of the site's own. */
  private record Tally(AtomicInteger made, AtomicInteger refused) {}

  private int operations() {
    return (int) (RATE * effort.outage().toSeconds());
  }

  private static String path(int round, int number) {
    return "/o%d-%05d".formatted(round, number);
  }

  /** Each operation in its time, or as soon after it as there is room; none when time is over. */
  private Tally operate(SwiftUser client, int round) throws BenchProblem {
    Tally tally = new Tally(new AtomicInteger(), new AtomicInteger());
    AtomicInteger turns = new AtomicInteger();
    long begun = System.nanoTime();
    long beat = Duration.ofSeconds(1).toNanos() / RATE;
    ObjectsCrew.each(
        operations(),
        SIDE_BY_SIDE,
        _ -> {
          int turn = turns.getAndIncrement();
          long since = System.nanoTime() - begun;
          Until.pass(Duration.ofNanos(Math.max(0, turn * beat - since)));
          if (since < effort.outage().toNanos()) {
            boolean well = operation(client, round, turn);
            tally.made().incrementAndGet();
            tally.refused().addAndGet(well ? 0 : 1);
          }
        });
    return tally;
  }

  /** Of five: three make one, one changes one that was made, one deletes another. */
  private static boolean operation(SwiftUser client, int round, int turn) throws IOException {
    // What was begun so long ago is there. Three before one that changes something makes one.
    int before = turn - 10 * SIDE_BY_SIDE - 3;
    RawHeader meta = RawHeader.of(META, Integer.toString(turn));
    RawAnswer answer =
        switch (turn % 5) {
          case 3 -> client.post(path(round, Math.max(0, before)), meta);
          case 4 -> client.delete(path(round, Math.max(1, before)));
          default -> client.put(path(round, turn), meta);
        };
    return answer.status() < 500 && answer.status() != 401;
  }

  /** What each container of a round is, at one site. */
  private Map<String, String> held(SwiftUser user, int round) throws BenchProblem, IOException {
    Map<String, String> all = new TreeMap<>();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < operations(); i++) {
      paths.add(path(round, i));
    }
    List<Optional<String>> found = new ArrayList<>();
    paths.forEach(_ -> found.add(Optional.empty()));
    ObjectsCrew.each(
        paths.size(),
        SIDE_BY_SIDE,
        number -> {
          RawAnswer head = user.head(paths.get(number));
          for (int i = 0; i < TRIES && head.status() != 204 && head.status() != 404; i++) {
            // Its memory of tokens fails while it is busy.
            Until.pass(LOOK);
            head = user.head(paths.get(number));
          }
          if (head.status() == 204) {
            found.set(number, Optional.of(head.header(META).orElse("-")));
          } else if (head.status() != 404) {
            throw new BenchProblem("a site does not say what it has: " + head);
          }
        });
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      found.get(i).ifPresent(meta -> all.put(path, meta));
    }
    return all;
  }

  private void check(ObjectsHouse house, int round) throws BenchProblem, IOException {
    Map<String, String> here = held(house.user(0), round);
    Map<String, String> there = held(house.user(1), round);
    if (here.isEmpty() || !here.equals(there)) {
      throw new BenchProblem(
          "the sites are not equal: %d containers here, %d there"
              .formatted(here.size(), there.size()));
    }
    equal.part("containers", here.size() * 1_000L);
  }
}
