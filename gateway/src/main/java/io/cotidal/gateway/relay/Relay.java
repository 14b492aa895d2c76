package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
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

  private final Outbox outbox;
  private final Placings placings;
  private final Carrying carrying;
  private final AccountCarrying accounts;
  private final Conflicts conflicts;
  private final Turnstile turnstile = new Turnstile();
  private final Followers followers = new Followers();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();

  /** Guarded by the lock. */
  private final Agenda agenda;

  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread loop;
  private boolean woken;
  private boolean closed;

  /**
   * How it works.
   *
   * @param folder where what was overruled is written down; it is there
   * @param losses where people find it at this site
   * @param tombstones for so long a deletion is remembered at least
   * @param most containers side by side, at most
   * @param clock by which deletions are remembered and what is overruled is dated
   */
  public record Settings(
      Path folder, Losses losses, Duration tombstones, int most, InstantSource clock) {}

  /**
   * One that waits for other sites.
   *
   * @param why in one line; empty if it has not been tried
   * @param held whether it was tried again and again, and not a silent site is the reason
   */
  public record Waiting(Open open, String why, boolean held) {}

  /** Over these sites; it begins with {@link #start}. */
  public Relay(Outbox outbox, Placings placings, Sites sites, Shelf shelf, Settings settings) {
    this.outbox = outbox;
    this.placings = placings;
    RandomGenerator chance = new SecureRandom();
    Rests rests = new Rests(chance);
    this.agenda = new Agenda(settings.most(), rests, chance);
    this.conflicts = new Conflicts(settings.folder(), settings.losses(), sites, settings.clock());
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
    return followers.add(subject, follower);
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
      return outbox.open().stream().map(agenda::waiting).toList();
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
        Agenda.Due due = agenda.due(outbox.open(), System.nanoTime(), PULSE);
        due.begin().forEach(this::begin);
        if (!woken && !closed) {
          long _ = wake.awaitNanos(due.nanos());
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
    }
  }

  private void begin(Open open) {
    List<Follower> told = followers.of(open.subject());
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
        ended(open, carried);
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

  private void ended(Open open, Carried carried) {
    lock.lock();
    try {
      agenda
          .ended(open.subject(), carried, System.nanoTime())
          .ifPresent(
              why -> log.info("event=relay-waits subject={} reason=\"{}\"", open.subject(), why));
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
