package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Brake;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Deletions that somebody may regret: they are put off until it is known how many there are, and
 * then handed out, or held if they are too many.
 */
final class PutOff implements Closeable {
  /** So many of those that are held are named. */
  private static final int NAMED = 3;

  private final Book book;
  private long count;
  private boolean braked;
  private Book.@Nullable DeferredSource source;

  /**
   * @param count how many were put off by the pass that this one goes on with
   */
  PutOff(Book book, long count) {
    this.book = book;
    this.count = count;
  }

  void add(Deferred deletion) throws IOException {
    book.defer(deletion);
    count++;
  }

  long count() {
    return count;
  }

  /** Whether they are too many to be carried on unasked. */
  boolean braked() {
    return braked;
  }

  /**
   * All names were seen.
   *
   * @param objects how many there are
   */
  void judge(Brake brake, long objects) {
    braked = !brake.open(count, objects);
  }

  /** From now on they are handed out; those that are held are only named. */
  void open(Counts counts) throws IOException {
    Book.DeferredSource all = book.deferred();
    source = all;
    for (int i = 0; braked && i < NAMED; i++) {
      Deferred one = all.next();
      if (one != null) {
        counts.show(one.before().key());
      }
    }
  }

  /** The next one to be carried on; null if there is none. */
  @Nullable Deferred next() throws IOException {
    return source == null || braked ? null : source.next();
  }

  @Override
  public void close() throws IOException {
    if (source != null) {
      source.close();
      source = null;
    }
  }
}
