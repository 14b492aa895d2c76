package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Compares everything, a slice each time it is asked: it goes on where it stopped, and begins again
 * when it is time. What it found stays in memory; what an act has made equal meanwhile is struck
 * out. Thread-safe.
 */
final class Survey {
  private static final int NAMED = 200;
  private static final Duration SLICE = Duration.ofSeconds(10);

  /** What is new may take so much of a slice. */
  private static final Duration NEW = Duration.ofSeconds(5);

  private final Bench bench;
  private final Comparison comparison;
  private final Pages pages;
  private final Glance glance;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<ContainerName, Difference> differing = new ConcurrentSkipListMap<>();
  private final NavigableMap<ContainerName, ObjectsFacts.Leaving> leaving =
      new ConcurrentSkipListMap<>();
  private Totals last = new Totals();
  private Totals current = new Totals();
  private boolean underWay;
  private boolean visited;
  private long began = Long.MIN_VALUE;
  private long round;
  private long completed;
  private int account;
  private String after = "";

  Survey(Bench bench, Comparison comparison) {
    this.bench = bench;
    this.comparison = comparison;
    this.pages = new Pages(bench);
    this.glance = new Glance(bench);
  }

  /** What one round has counted so far. */
  private static final class Totals {
    private final Map<MemberId, String> unread = new TreeMap<>();
    private final Set<ContainerName> met = new HashSet<>();
    private long containers;
    private long objects;
    private long bytes;
  }

  /** An act has made it the same everywhere. */
  void equal(ContainerName container) {
    differing.remove(container);
  }

  /** A site has given its copy up, or there is something else to say about it. */
  void withdrawn(ContainerName container) {
    leaving.remove(container);
  }

  /** All that lie where no rule names them. */
  SortedMap<ContainerName, ObjectsFacts.Leaving> leaving() {
    return new TreeMap<>(leaving);
  }

  /** All that is known to differ. */
  SortedMap<ContainerName, Difference> differing() {
    return new TreeMap<>(differing);
  }

  /**
   * Compares for a while, and says what is known then.
   *
   * @throws IOException in one line if nobody can tell what was agreed on
   */
  ObjectsFacts.Namespace look(Deadline deadline) throws IOException, InterruptedException {
    Deadline slice = deadline.most().atMost(SLICE);
    lock.lockInterruptibly();
    try {
      visited = false;
      if (round > 0) {
        fresh(slice.atMost(NEW));
      }
      if (!underWay && due()) {
        begin();
      }
      while (underWay && !slice.over()) {
        step(slice);
      }
      return facts();
    } finally {
      lock.unlock();
    }
  }

  /** Containers that came to be since they were compared. */
  private void fresh(Deadline slice) throws IOException, InterruptedException {
    for (ContainerName name : glance.look(this::known, slice)) {
      Optional<Turns.Turn> turn = bench.turns().now(name);
      if (turn.isPresent()) {
        try (Turns.Turn _ = turn.get()) {
          long since = now() * 1000;
          Map<MemberId, String> silent = glance.silent();
          Comparison.Seen seen = comparison.look(name, silent, since, slice);
          // What takes long, or is left to a gateway that is at it, comes with the next comparison.
          if (silent.keySet().containsAll(seen.standing().unread())) {
            current.met.add(name);
          }
          if (slice.over()) {
            return;
          }
          seen.difference()
              .filter(difference -> difference.waits().isEmpty())
              .ifPresent(difference -> differing.put(name, difference));
        }
      }
    }
  }

  /** A container that was deleted, and is there again, is new. */
  private boolean known(ContainerName name) {
    boolean dead =
        bench
            .agreements()
            .of(name)
            .filter(each -> each.form() instanceof Form.Tombstone)
            .isPresent();
    return differing.containsKey(name)
        || (!dead && (last.met.contains(name) || current.met.contains(name)));
  }

  private boolean due() {
    return began == Long.MIN_VALUE || now() - began >= bench.spec().pace().scan().toMillis();
  }

  private long now() {
    return bench.clock().millis();
  }

  private void begin() throws IOException {
    bench.agreements().refresh();
    underWay = true;
    began = now();
    account = 0;
    after = "";
    current = new Totals();
  }

  private void end() {
    differing.keySet().retainAll(current.met);
    leaving.keySet().retainAll(current.met);
    underWay = false;
    round++;
    completed = bench.clock().millis() * 1000;
    last = current;
  }

  /** The containers of one page, as far as there is time. */
  private void step(Deadline slice) throws IOException, InterruptedException {
    if (account >= bench.spec().accounts().size()) {
      end();
      return;
    }
    String name = bench.spec().accounts().get(account);
    Optional<NavigableSet<String>> page = pages.behind(after, name, current.unread, slice);
    if (page.isEmpty()) {
      return;
    }
    if (page.get().isEmpty()) {
      account++;
      after = "";
      return;
    }
    for (String container : page.get()) {
      if (slice.over()) {
        return;
      }
      if (!visit(new ContainerName(name, container), slice)) {
        return;
      }
      after = container;
    }
  }

  /**
   * Looks at one.
   *
   * @return false if there was no time for it, and the next slice has more
   */
  private boolean visit(ContainerName container, Deadline slice)
      throws IOException, InterruptedException {
    boolean first = !visited;
    visited = true;
    Optional<Turns.Turn> turn = bench.turns().now(container);
    if (turn.isEmpty()) {
      // Who works on it says how it ends.
      current.met.add(container);
      current.containers++;
      return true;
    }
    try (Turns.Turn _ = turn.get()) {
      Difference before = differing.get(container);
      long since = before == null ? bench.clock().millis() * 1000 : before.sinceMicros();
      Comparison.Seen seen = comparison.look(container, current.unread, since, slice);
      boolean late = slice.over();
      if (late && !first) {
        return false;
      }
      current.met.add(container);
      count(seen.standing(), late);
      seen.leaving()
          .ifPresentOrElse(one -> leaving.put(container, one), () -> leaving.remove(container));
      if (seen.difference().isPresent()) {
        differing.put(container, seen.difference().get());
      } else if (!late) {
        differing.remove(container);
      }
      return true;
    }
  }

  private void count(Standing standing, boolean late) {
    if (!standing.present().isEmpty()) {
      current.containers++;
    }
    current.objects += standing.objects();
    current.bytes += standing.bytes();
    if (!late) {
      for (MemberId site : standing.unread()) {
        current.unread.putIfAbsent(site, "it could not be asked for " + standing.name());
      }
    }
  }

  private ObjectsFacts.Namespace facts() {
    Totals shown = round == 0 ? current : last;
    TreeMap<String, Difference> named = new TreeMap<>();
    long all = 0;
    for (Map.Entry<ContainerName, Difference> each : differing.entrySet()) {
      all++;
      if (named.size() < NAMED) {
        named.put(each.getKey().toString(), each.getValue());
      }
    }
    TreeMap<String, ObjectsFacts.Leaving> left = new TreeMap<>();
    leaving.entrySet().stream()
        .limit(NAMED)
        .forEach(each -> left.put(each.getKey().toString(), each.getValue()));
    TreeSet<MemberId> unread = new TreeSet<>(shown.unread.keySet());
    unread.addAll(current.unread.keySet());
    return new ObjectsFacts.Namespace(
        round,
        completed,
        shown.containers,
        shown.objects,
        shown.bytes,
        named,
        all - named.size(),
        unread,
        bench.roles().said(),
        bench.announcing().kept(),
        left);
  }
}
