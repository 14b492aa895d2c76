package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.ledger.Overrulings;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the outbox off: each container that is open once at a time, so many side by side. Whatever
 * ends it, the outbox knows what is left. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private static final Duration EACH = Duration.ofMinutes(1);
  private static final Duration PULSE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(50);
  private static final Backoff HOLDS = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private final Outbox outbox;
  private final Placings placings;
  private final Carrying carrying;
  private final AccountCarrying accounts;
  private final Rests rests;
  private final Overrulings conflicts;
  private final Turnstile turnstile = new Turnstile();
  private final int most;
  private final RandomGenerator chance = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Map<Subject, Job> jobs = new HashMap<>();
  private final Map<Subject, List<Follower>> followers = new HashMap<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread loop;
  private int running;
  private boolean woken;
  private boolean closed;

  /**
   * How it works.
   *
   * @param folder where what was overruled is written down; it is there
   * @param tombstones for so long a deletion is remembered at least
   * @param most containers side by side, at most
   * @param clock by which deletions are remembered and what is overruled is dated
   */
  public record Settings(Path folder, Duration tombstones, int most, InstantSource clock) {}

  /** What is known of one that is open. Guarded by the lock. */
  private static final class Job {
    private Timestamp since = Timestamp.NEVER;
    private long version;
    private long due;
    private int holds;
    private boolean running;
    private String why = "";
  }

  /**
   * One that waits for other sites.
   *
   * @param why in one line; empty if it has not been tried
   */
  public record Waiting(Open open, String why) {}

  /** Over these sites; it begins with {@link #start}. */
  public Relay(Outbox outbox, Placings placings, Sites sites, Shelf shelf, Settings settings) {
    this.outbox = outbox;
    this.placings = placings;
    this.rests = new Rests(chance);
    this.most = settings.most();
    this.conflicts = new Overrulings(settings.folder(), "conflicts");
    Carrying.Tools tools =
        new Carrying.Tools(
            new Stamps(sites, shelf, outbox),
            conflicts,
            rests,
            new OwnSite(turnstile, outbox),
            settings.tombstones(),
            settings.clock());
    this.carrying = new Carrying(sites, outbox, placings::now, tools);
    this.accounts = new AccountCarrying(sites, placings::now, tools);
    this.loop = Thread.ofPlatform().daemon().name("outbox-relay").unstarted(this::work);
  }

  /** Begins. */
  public void start() {
    outbox.onChange(this::wake);
    loop.start();
  }

  /**
   * Asks for leave to change it at this site for a client. Given at once, or when the relay, which
   * is at it there, is through: after two calls of this site.
   *
   * @return to be closed when it is over, and that is written down
   */
  public CompletionStage<Passage> enter(Subject subject) {
    return turnstile.enter(subject);
  }

  /**
   * Tells somebody how far it comes, from looks that begin after this.
   *
   * @return to be closed when nobody wants to know any more
   */
  public Following follow(Subject subject, Follower follower) {
    lock.lock();
    try {
      followers.computeIfAbsent(subject, _ -> new ArrayList<>()).add(follower);
    } finally {
      lock.unlock();
    }
    return () -> {
      lock.lock();
      try {
        List<Follower> all = followers.get(subject);
        if (all != null && all.remove(follower) && all.isEmpty()) {
          followers.remove(subject);
        }
      } finally {
        lock.unlock();
      }
    };
  }

  /** Somebody's interest. */
  public interface Following extends AutoCloseable {
    @Override
    void close();
  }

  /** What waits for other sites, in order of names. */
  public List<Waiting> waiting() {
    lock.lock();
    try {
      return outbox.open().stream()
          .map(open -> {
            Job job = jobs.get(open.subject());
            return new Waiting(open, job == null ? "" : job.why);
          })
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** How many changes were overruled, and written down, since it began. */
  public long conflicts() {
    return conflicts.written();
  }

  private void wake() {
    lock.lock();
    try {
      woken = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    long reload = System.nanoTime();
    while (true) {
      if (System.nanoTime() - reload >= 0) {
        boolean _ = placings.reload();
        reload = System.nanoTime() + PULSE.toNanos();
      }
      lock.lock();
      try {
        if (closed) {
          return;
        }
        woken = false;
        long wait = sweep(System.nanoTime());
        if (!woken && !closed) {
          long _ = wake.awaitNanos(Math.min(wait, PULSE.toNanos()));
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Begins what is due; gives how long nothing else is. */
  private long sweep(long now) {
    long wait = PULSE.toNanos();
    List<Open> all = outbox.open();
    for (Open open : all) {
      if (!open.ready()) {
        continue;
      }
      Job job = jobs.computeIfAbsent(open.subject(), _ -> new Job());
      if (job.running) {
        continue;
      }
      if (job.version != open.version() || !job.since.equals(open.since())) {
        job.since = open.since();
        job.version = open.version();
        job.due = now;
        job.holds = 0;
      }
      if (job.due - now > 0) {
        wait = Math.min(wait, job.due - now);
      } else if (running < most) {
        begin(open, job);
      }
    }
    forget(all);
    return wait;
  }

  private void forget(List<Open> all) {
    if (jobs.size() > 2 * all.size() + most) {
      Set<Subject> open = all.stream().map(Open::subject).collect(Collectors.toSet());
      jobs.entrySet().removeIf(each -> !each.getValue().running && !open.contains(each.getKey()));
    }
  }

  private void begin(Open open, Job job) {
    List<Follower> told = List.copyOf(followers.getOrDefault(open.subject(), List.of()));
    job.running = true;
    running++;
    workers.execute(() -> {
      Carried carried = Carried.nothing(placings.now().sites().keySet().iterator().next(), "ended");
      try {
        carried = carried(open, reached -> told.forEach(each -> each.reached(reached)));
        if (carried.settled()) {
          var _ = outbox.converged(open.subject(), open.version());
        }
      } catch (InterruptedException e) {
        // It is over; the outbox knows what is left.
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        log.error("event=relay-failed subject={}", open.subject(), e);
        carried = new Carried(false, Set.of(), List.of(e.toString()));
      } finally {
        ended(open, job, carried);
      }
    });
  }

  private Carried carried(Open open, Carried.Listener told) throws InterruptedException {
    Optional<ContainerName> name = open.subject().container();
    Deadline deadline = Deadline.in(EACH);
    return name.isPresent()
        ? carrying.carry(name.get(), open, told, deadline)
        : accounts.carry(open, told, deadline);
  }

  private void ended(Open open, Job job, Carried carried) {
    lock.lock();
    try {
      long now = System.nanoTime();
      job.running = false;
      running--;
      String before = job.why;
      job.why = String.join("; ", carried.why());
      if (carried.settled()) {
        // If it could not be written down that it is, it is looked at once more.
        job.due = now + HOLDS.most().toNanos();
      } else if (carried.why().isEmpty() && !carried.silent().isEmpty()) {
        job.due = Math.max(rests.until(carried.silent(), now), now + LEAST.toNanos());
        job.why = "no answer from " + carried.silent();
      } else {
        job.holds++;
        job.due = now + HOLDS.pause(job.holds, chance).toNanos();
        if (!job.why.equals(before)) {
          log.info("event=relay-waits subject={} reason=\"{}\"", open.subject(), job.why);
        }
      }
      woken = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends; what is being done is broken off. */
  @Override
  public void close() {
    outbox.onChange(() -> {});
    lock.lock();
    try {
      closed = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
    workers.shutdownNow();
    try {
      boolean _ = loop.join(EACH);
      boolean _ = workers.awaitTermination(EACH.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
