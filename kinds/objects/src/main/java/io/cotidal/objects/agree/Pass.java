package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Agreement;
import io.cotidal.objects.compare.Decision;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Meeting;
import io.cotidal.objects.compare.Merge;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.Rules;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.Timestamp;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a container: {@link #next} gives what is to be done, name after name, as fast as it
 * is asked for; {@link #settle} takes what came of it, from any thread and in any order. Only what
 * is confirmed is agreed on; what is not keeps its former agreement, and the next pass finds it
 * again.
 *
 * <p>Deletions that somebody may regret come last, when it is known how many there are.
 *
 * <p>It may be left at any moment. A pass that is begun with the same book goes on behind the last
 * mark: a name at which every earlier one was settled.
 *
 * <p>{@code next} is for one thread. Heap: one row a site, and the open findings.
 */
public final class Pass implements Closeable {
  private static final int NAMES_A_MARK = 20_000;
  private static final int SETTLED_A_MARK = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Book book;
  private final Merge merge;
  private final Terms terms;
  private final Rules rules;
  private final Agreement.Keep keep;
  private final SiteSet sites;
  private final Counts counts;
  private final PutOff putOff;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private String current;
  private long objects;
  private SiteSet whole;
  private Cursor done;
  private long number;
  private int unmarked;
  private int settled;
  private boolean merged;

  private record Open(Cursor done, @Nullable Agreed before, Verdict verdict) {}

  /**
   * Begins, or goes on behind {@code book.cursor()}.
   *
   * @param book stays open when this is closed
   * @param sources the listing of each site, in the book's order of sites; closed with this. They
   *     may leave out what is not behind the cursor. One that cannot be read at all says so at its
   *     first row
   */
  public Pass(Book book, List<RowSource> sources, Terms terms) throws IOException {
    Cursor from = book.cursor().orElse(new Cursor("", 0, 0, 0, SiteSet.first(sources.size())));
    this.book = book;
    this.merge = new Merge(sources, book.rows(), from.after());
    this.terms = terms;
    this.counts = new Counts(from.after());
    this.sites = SiteSet.first(sources.size());
    this.rules = new Rules(terms.placed(), terms.placed().minus(book.joined()), terms.skew());
    this.keep = new Agreement.Keep(sites, terms.tombstones());
    this.current = from.after();
    this.done = from;
    this.objects = from.objects();
    this.putOff = new PutOff(book, from.deferred());
    // A site that the container leaves gets nothing, so it never becomes one that has everything.
    this.whole = from.whole().in(terms.placed());
  }

  /**
   * The next finding. Whoever asks decides how many may be open.
   *
   * @param now of a clock that runs right
   * @return null at the end; findings may be open still
   * @throws Unreadable if what was agreed on cannot be read: nothing can be decided
   * @throws IOException if it cannot be written
   */
  public @Nullable Finding next(Timestamp now)
      throws Unreadable, IOException, InterruptedException {
    while (!merged) {
      Meeting meeting = merge.next();
      lock.lock();
      try {
        if (meeting == null) {
          end();
        } else {
          Finding finding = judge(meeting, now);
          if (finding != null) {
            return finding;
          }
        }
      } finally {
        lock.unlock();
      }
    }
    lock.lock();
    try {
      return deletion();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Finding judge(Meeting meeting, Timestamp now) throws IOException {
    Key key = meeting.key();
    if (!key.name().equals(current)) {
      passed();
      current = key.name();
    }
    whole = whole.in(meeting.known());
    Agreed before = meeting.agreed();
    if (!meeting.present().isEmpty() || (before != null && !before.gone())) {
      objects++;
    }
    Verdict verdict = Decision.of(meeting, rules, now);
    Finding finding =
        switch (verdict) {
          case Verdict.Equal _ -> equal(meeting, now);
          case Verdict.Hold hold -> hold(key, hold);
          case Verdict.Delete delete -> delete(key, before, delete);
          case Verdict.Copy _, Verdict.Conflict _ -> hand(key, before, verdict);
        };
    if (++unmarked >= NAMES_A_MARK) {
      mark();
    }
    return finding;
  }

  /** The current name is done with, but for what is open. */
  private void passed() throws IOException {
    long deferred = putOff.count();
    long bytes = deferred == done.deferred() ? done.deferredBytes() : book.deferredBytes();
    done = new Cursor(current, objects, deferred, bytes, whole);
  }

  private @Nullable Finding equal(Meeting meeting, Timestamp now) throws IOException {
    counts.equal();
    book.turn(meeting.key(), meeting.agreed(), Agreement.seen(meeting, keep, now));
    return null;
  }

  private @Nullable Finding hold(Key key, Verdict.Hold hold) {
    counts.held(key, hold.reason());
    whole = SiteSet.NONE;
    return null;
  }

  private @Nullable Finding delete(Key key, @Nullable Agreed before, Verdict.Delete delete)
      throws IOException {
    if (before == null || !delete.braked()) {
      return hand(key, before, delete);
    }
    putOff.add(new Deferred(before, delete));
    return null;
  }

  private Finding hand(Key key, @Nullable Agreed before, Verdict verdict) {
    counts.handed(verdict);
    Finding finding = new Finding(++number, key, verdict);
    open.put(number, new Open(done, before, verdict));
    return finding;
  }

  /** All names were seen. */
  private void end() throws IOException {
    merged = true;
    whole = whole.in(merge.known());
    passed();
    putOff.judge(terms.brake(), objects);
    if (putOff.count() > 0) {
      mark();
      putOff.open(counts);
    }
  }

  private @Nullable Finding deletion() throws IOException {
    Deferred next = putOff.next();
    return next == null ? null : hand(next.before().key(), next.before(), next.delete());
  }

  /**
   * Takes what came of a finding. Not to be called before the ledger has what is discarded.
   *
   * @param now of a clock that runs right
   * @return false if it comes too late: it was settled before, or the pass is finished
   */
  public boolean settle(Finding finding, Outcome outcome, Timestamp now) throws IOException {
    lock.lock();
    try {
      Open about = open.remove(finding.number());
      if (about == null) {
        return false;
      }
      Optional<Agreed> after = Agreement.after(about.before(), about.verdict(), outcome, now);
      boolean something = book.turn(finding.key(), about.before(), after);
      counts.settled(something);
      SiteSet held = after.map(Agreed::held).orElse(SiteSet.NONE);
      whole = whole.minus(about.verdict().awaited().minus(held));
      book.flush();
      if (++settled % SETTLED_A_MARK == 0) {
        mark();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void mark() throws IOException {
    unmarked = 0;
    book.mark(cursor());
  }

  private Cursor cursor() {
    Cursor at = open.isEmpty() ? done : open.values().iterator().next().done();
    return new Cursor(at.after(), at.objects(), at.deferred(), at.deferredBytes(), whole);
  }

  /** How far the pass has come: all names up to this one are settled or put off. */
  public String reached() {
    lock.lock();
    try {
      return cursor().after();
    } finally {
      lock.unlock();
    }
  }

  /** Makes sure that a later pass goes on here. For one that is to be left for a while. */
  public void pause() throws IOException {
    lock.lock();
    try {
      mark();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the pass. What is open still stays unconfirmed.
   *
   * @return what it has met
   * @throws IllegalStateException if it is not at its end
   */
  public Tally finish() throws IOException {
    lock.lock();
    try {
      if (!merged) {
        throw new IllegalStateException("names are left behind '" + current + "'");
      }
      Tally tally = tally();
      open.values().forEach(one -> whole = whole.minus(one.verdict().awaited()));
      open.clear();
      close();
      book.finish(book.joined().and(whole).in(sites));
      return tally;
    } finally {
      lock.unlock();
    }
  }

  /** What was met so far. */
  public Tally tally() {
    lock.lock();
    try {
      return counts.tally(
          new Cursor(current, objects, putOff.count(), 0, whole),
          putOff.braked(),
          open.size(),
          merge);
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the listings, and leaves the pass where it is. */
  @Override
  public void close() throws IOException {
    merge.close();
    putOff.close();
  }
}
