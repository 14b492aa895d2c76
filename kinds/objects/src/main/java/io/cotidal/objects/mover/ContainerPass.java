package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Cursor;
import io.cotidal.objects.agree.FileBook;
import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.agree.Pass;
import io.cotidal.objects.agree.ReadBook;
import io.cotidal.objects.agree.Tally;
import io.cotidal.objects.agree.Terms;
import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.ObjectsSpec.Care;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One pass over one container: it compares the sites' listings with each other and with what was
 * agreed on, and makes the sites equal. It may be stopped at any moment, by a kill too: what was
 * confirmed is known to the next one, which goes on from there. One at a time a container; to be
 * called on a virtual thread, so that an interruption ends what it waits for.
 */
public final class ContainerPass {
  private final PassOrder order;
  private final Patience patience;

  private ContainerPass(PassOrder order) {
    this.order = order;
    this.patience = new Patience(order.chance());
  }

  /** A pass. Nothing is asked yet. */
  public static ContainerPass of(PassOrder order) {
    return new ContainerPass(order);
  }

  /**
   * Compares from the first name on, and changes nothing: neither a site nor what is agreed on.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public PassLook look(Deadline deadline) throws InterruptedException {
    Opening opening = Opening.of(order, patience, deadline);
    if (opening.wrong().isPresent()) {
      return none(opening.wrong().get());
    }
    try (Book book = ReadBook.open(order.book(), order.container().toString(), order.names());
        Pass pass = new Pass(book, opening.sources(""), terms(0))) {
      boolean ended = looked(pass);
      Tally tally = ended ? pass.finish() : pass.tally();
      return look(tally, ended);
    } catch (IOException | Unreadable e) {
      return none(String.valueOf(e.getMessage()));
    }
  }

  private boolean looked(Pass pass) throws IOException, Unreadable, InterruptedException {
    try {
      Timestamp now = Timestamp.of(order.clock().instant());
      for (Finding one = pass.next(now); one != null; one = pass.next(now)) {
        pass.settle(one, Outcome.NOTHING, now);
      }
      return true;
    } catch (Stopped e) {
      return false;
    }
  }

  private static PassLook look(Tally tally, boolean ended) {
    List<String> why = new ArrayList<>(tally.failures());
    why.addAll(Account.said(tally, 0));
    return new PassLook(
        tally.objects(),
        tally.copies(),
        tally.bytes(),
        tally.deletions() + tally.deferred(),
        tally.future() + tally.waiting() + tally.behind(),
        tally.braked(),
        why,
        ended,
        ended && tally.equalEverywhere());
  }

  private static PassLook none(String why) {
    return new PassLook(0, 0, 0, 0, 0, false, List.of(why), false, false);
  }

  /**
   * Makes the sites equal, as far as it can until the deadline. A site that fails leaves the others
   * converging.
   *
   * @param approved so many deletions somebody has agreed to; 0 if nobody has
   * @return also if nothing could be done: then it says why
   * @throws InterruptedException if the thread was interrupted; what was confirmed is kept
   */
  public PassReport converge(long approved, Progress progress, Deadline deadline)
      throws InterruptedException {
    Opening opening = Opening.of(order, patience, deadline);
    if (opening.wrong().isPresent()) {
      return Account.none(List.of(opening.wrong().get()));
    }
    Set<Need> needs = ConcurrentHashMap.newKeySet();
    Account account = new Account(needs);
    try (Book book = open()) {
      String after = book.cursor().map(Cursor::after).orElse("");
      try (Pass pass = new Pass(book, opening.sources(after), terms(approved))) {
        Course.Terms terms = new Course.Terms(order.objects(), order.clock(), progress, deadline);
        Course course = new Course(pass, acts(opening, needs, deadline), account, terms);
        PassReport report = run(pass, course, account, opening);
        return after.isEmpty() ? report : report.half(after);
      }
    } catch (IOException | Unreadable e) {
      List<String> why = new ArrayList<>(List.of(String.valueOf(e.getMessage())));
      why.addAll(opening.out());
      return account.stopped(why);
    }
  }

  private static PassReport run(Pass pass, Course course, Account account, Opening opening)
      throws IOException, Unreadable, InterruptedException {
    boolean ended;
    try {
      ended = course.run();
    } catch (InterruptedException e) {
      pass.pause();
      throw e;
    }
    if (!ended) {
      pass.pause();
      account.say(
          "there was no time for more: the next pass goes on behind '" + pass.reached() + "'");
    }
    opening.out().forEach(account::say);
    Tally tally = ended ? pass.finish() : pass.tally();
    return account.report(tally, ended);
  }

  private Course.Acts acts(Opening opening, Set<Need> needs, Deadline deadline) {
    List<Desk> desks = opening.desks();
    Carrier carrier = new Carrier(order.throttle(), patience, deadline);
    Sight sight = new Sight(order.container());
    Losing losing = new Losing(order, desks, carrier);
    Deletes deletes = new Deletes(order.container(), desks, sight, losing);
    Parts parts = new Parts(order.container(), carrier, needs);
    Bringing bringing = new Bringing(order.container(), carrier, sight, parts);
    return Course.acts(new Copies(order, desks, bringing, deletes, losing), deletes);
  }

  private Book open() throws IOException {
    return FileBook.open(order.book(), order.container().toString(), order.names());
  }

  private Terms terms(long approved) {
    SiteSet placed = SiteSet.NONE;
    for (int site = 0; site < order.sites().size(); site++) {
      placed = order.sites().get(site).placed() ? placed.with(site) : placed;
    }
    Care care = order.care();
    return new Terms(
        placed, care.skew(), care.tombstones(), new Brake(care.deletes(), care.share(), approved));
  }
}
