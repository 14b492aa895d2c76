package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Departure;
import io.cotidal.objects.agree.FileBook;
import io.cotidal.objects.compare.Parting;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.mover.WithdrawOrder.Leave;
import io.cotidal.objects.mover.WithdrawOrder.Report;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Empties a container at a site that rules leave. In batches: each site says itself that it has the
 * objects, then what is agreed on is turned on the disk, then they are deleted. It may be stopped
 * at any moment, by a kill too. One at a time a container, and no pass meanwhile; to be called on a
 * virtual thread.
 */
public final class Withdrawing {
  private static final int BATCH = 256;

  private final WithdrawOrder order;
  private final Patience patience;
  private long withdrawn;

  private Withdrawing(WithdrawOrder order) {
    this.order = order;
    this.patience = new Patience(order.pass().chance());
  }

  /** A withdrawal. Nothing is asked yet. */
  public static Withdrawing of(WithdrawOrder order) {
    return new Withdrawing(order);
  }

  /**
   * Deletes what may go.
   *
   * @param progress hears how many objects are gone
   * @throws InterruptedException if the thread was interrupted
   */
  public Report run(Leave leave, LongConsumer progress, Deadline deadline)
      throws InterruptedException {
    PassOrder pass = order.pass();
    Opening opening = Opening.of(pass, patience, deadline);
    Optional<String> wrong = opening.unfit();
    if (wrong.isPresent()) {
      return new Report(0, false, wrong.get());
    }
    try (Book book = FileBook.open(pass.book(), pass.container().toString(), pass.names());
        Departure walk = new Departure(book, opening.sources(""), placed(), order.leaving())) {
      String why = walked(walk, deeds(opening, deadline), leave, progress);
      String left = why.isEmpty() ? String.join("; ", walk.why()) : why;
      return new Report(withdrawn, why.isEmpty() && walk.whole(), left);
    } catch (Stopped e) {
      return new Report(
          withdrawn, false, "there was no time for more; it goes on where it stopped");
    } catch (IOException | Unreadable | Losing.LedgerFailed e) {
      return new Report(withdrawn, false, String.valueOf(e.getMessage()));
    }
  }

  private SiteSet placed() {
    SiteSet placed = SiteSet.NONE;
    List<PassSite> sites = order.pass().sites();
    for (int site = 0; site < sites.size(); site++) {
      placed = sites.get(site).placed() ? placed.with(site) : placed;
    }
    return placed;
  }

  private Removal deeds(Opening opening, Deadline deadline) {
    PassOrder pass = order.pass();
    Carrier carrier = new Carrier(pass.throttle(), patience, deadline);
    Parts parts = new Parts(pass.container(), carrier, ConcurrentHashMap.newKeySet());
    Losing losing = new Losing(pass, opening.desks(), carrier);
    return new Removal(order, opening.desks(), carrier, parts, losing);
  }

  /** Why it was left before its end; empty if it was not. */
  private String walked(Departure walk, Removal removal, Leave leave, LongConsumer progress)
      throws IOException, Unreadable, Losing.LedgerFailed, InterruptedException {
    List<Parting.Goes> batch = new ArrayList<>();
    Parting.Goes one = walk.next();
    while (one != null || !batch.isEmpty()) {
      if (one != null) {
        batch.add(one);
      }
      if (one == null || batch.size() == BATCH) {
        String no = leave.refused();
        if (!no.isEmpty()) {
          return no;
        }
        if (withdrawn + batch.size() > order.approved()) {
          return "more objects are there than the %d that were approved of"
              .formatted(order.approved());
        }
        go(walk, removal, batch);
        progress.accept(withdrawn);
        batch.clear();
      }
      one = one == null ? null : walk.next();
    }
    return leave.refused();
  }

  private void go(Departure walk, Removal removal, List<Parting.Goes> batch)
      throws IOException, Losing.LedgerFailed, InterruptedException {
    List<Parting.Goes> sure = new ArrayList<>();
    List<String> checked = together(batch, removal::unsure);
    for (int i = 0; i < batch.size(); i++) {
      if (checked.get(i).isEmpty()) {
        removal.told(batch.get(i));
        sure.add(batch.get(i));
      } else {
        walk.stays(batch.get(i).row().name(), checked.get(i));
      }
    }
    walk.turn(sure);
    List<Removal.Gone> done = together(sure, removal::delete);
    for (int i = 0; i < sure.size(); i++) {
      settle(walk, removal, sure.get(i), done.get(i));
    }
  }

  private void settle(Departure walk, Removal removal, Parting.Goes one, Removal.Gone gone)
      throws IOException, InterruptedException {
    switch (gone.what()) {
      case DONE -> withdrawn++;
      case CHANGED -> walk.back(one, gone.why());
      case UNKNOWN -> walk.stays(one.row().name(), gone.why());
      case NOTHING -> {
        if (!one.latest()) {
          // Whoever deleted it did not know of the write that is everywhere else.
          withdrawn++;
        } else {
          Parting.Goes again = one.again(order.leaving());
          walk.turn(List.of(again));
          settle(walk, removal, again, removal.asked(one, again));
        }
      }
    }
  }

  private interface Work<T> {
    T of(Parting.Goes one) throws InterruptedException;
  }

  /** Does it for all of them side by side, as many as the site is asked at the same time. */
  private <T> List<T> together(List<Parting.Goes> all, Work<T> work) throws InterruptedException {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      try {
        all.forEach(one -> futures.add(workers.submit(() -> work.of(one))));
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
          results.add(future.get());
        }
        return results;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof InterruptedException stopped) {
          throw stopped;
        }
        throw new IllegalStateException(e);
      } finally {
        workers.shutdownNow();
      }
    }
  }
}
