package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.agree.Pass;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands the findings of a pass to workers, a bounded number at the same time, and settles what they
 * did, in whichever order they end. All but the workers is one thread's.
 */
final class Course {
  /** More are open than are moved: those that wait for a slow site keep none from the others. */
  private static final int WAITING = 3;

  private static final Duration LAST = Duration.ofSeconds(5);

  private final Pass pass;
  private final Acts acts;
  private final Account account;
  private final Terms terms;
  private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
  private int open;
  private boolean ended;
  private String name = "";
  private CountDownLatch last = new CountDownLatch(0);

  Course(Pass pass, Acts acts, Account account, Terms terms) {
    this.pass = pass;
    this.acts = acts;
    this.account = account;
    this.terms = terms;
  }

  /**
   * What it goes by.
   *
   * @param objects at the same time
   */
  record Terms(int objects, InstantSource clock, Progress progress, Deadline deadline) {
    Timestamp now() {
      return Timestamp.of(clock.instant());
    }
  }

  /** Does what is found. */
  interface Acts {
    void act(Deed deed) throws Losing.LedgerFailed, InterruptedException;
  }

  private record Done(Deed deed, @Nullable Throwable failed) {}

  /**
   * Goes to the end, or to the deadline.
   *
   * @return whether it came to the end
   */
  boolean run() throws IOException, Unreadable, InterruptedException {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        go(workers);
      } finally {
        // At the deadline they end by themselves; else nobody waits for them any more.
        end(workers);
      }
    }
    for (Done late = done.poll(); late != null; late = done.poll()) {
      settle(late);
    }
    return ended && open == 0;
  }

  private void go(ExecutorService workers) throws IOException, Unreadable, InterruptedException {
    while (!terms.deadline.over() && !(ended && open == 0)) {
      fill(workers);
      Done one = open == 0 ? null : done.poll(wait(terms.deadline), TimeUnit.NANOSECONDS);
      while (one != null) {
        settle(one);
        one = done.poll();
      }
    }
  }

  private static long wait(Deadline deadline) {
    return deadline.left().toNanos();
  }

  private void end(ExecutorService workers) {
    boolean rested = open == 0;
    if (!rested && terms.deadline.over()) {
      rested = rested(workers);
    }
    if (!rested) {
      workers.shutdownNow();
    }
  }

  private static boolean rested(ExecutorService workers) {
    workers.shutdown();
    try {
      return workers.awaitTermination(LAST.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void fill(ExecutorService workers) throws IOException, Unreadable, InterruptedException {
    while (!ended && open < terms.objects * (1 + WAITING)) {
      try {
        Finding finding = pass.next(terms.now());
        if (finding == null) {
          ended = true;
          return;
        }
        start(workers, finding);
      } catch (Stopped e) {
        return;
      }
      Done one = done.poll();
      if (one != null) {
        settle(one);
      }
    }
  }

  /** Versions of one name go one after another. */
  private void start(ExecutorService workers, Finding finding) {
    CountDownLatch before = finding.key().name().equals(name) ? last : new CountDownLatch(0);
    CountDownLatch after = new CountDownLatch(1);
    name = finding.key().name();
    last = after;
    open++;
    workers.execute(() -> {
      Deed deed = new Deed(finding);
      Throwable failed = null;
      try {
        before.await();
        acts.act(deed);
      } catch (InterruptedException | Losing.LedgerFailed | RuntimeException | Error e) {
        failed = e;
      } finally {
        after.countDown();
        done.add(new Done(deed, failed));
      }
    });
  }

  private void settle(Done one) throws IOException {
    switch (one.failed) {
      case null -> {}
      case InterruptedException _ -> {
        return;
      }
      case Losing.LedgerFailed failed -> throw new IOException(failed.getMessage(), failed);
      case RuntimeException failed -> throw failed;
      case Error failed -> throw failed;
      default -> throw new IllegalStateException(one.failed);
    }
    if (terms.deadline.over() && !one.deed.why().isEmpty()) {
      // It had no time: it stays open, so that the next pass begins with it.
      return;
    }
    open--;
    pass.settle(one.deed.finding(), one.deed.outcome(), terms.now());
    account.add(one.deed);
    terms.progress.at(pass.reached(), account.report(pass.tally(), false));
  }

  /** The acts of a pass that does what it finds. */
  static Acts acts(Copies copies, Deletes deletes) {
    return deed -> {
      switch (deed.finding().verdict()) {
        case Verdict.Copy copy -> copies.copy(deed, copy, java.util.List.of(), SiteSet.NONE);
        case Verdict.Conflict conflict ->
            copies.copy(deed, conflict.copy(), conflict.losers(), conflict.verify());
        case Verdict.Delete delete -> deletes.delete(deed, delete);
        case Verdict.Equal _, Verdict.Hold _ -> throw new IllegalStateException("nothing to do");
      }
    };
  }
}
