package io.cotidal.remote.http.kept;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** A connection in use by one call. It is given back once, whoever does it first. */
final class Lease {
  private final Line line;
  private final BiConsumer<Line, Boolean> back;
  private final AtomicBoolean given = new AtomicBoolean();

  /**
   * A connection in use.
   *
   * @param back takes it, and whether it may serve another call
   */
  Lease(Line line, BiConsumer<Line, Boolean> back) {
    this.line = line;
    this.back = back;
  }

  Line line() {
    return line;
  }

  /** The call is over; the connection may serve another one or is closed. */
  void over(boolean keeps) {
    if (given.compareAndSet(false, true)) {
      if (!keeps) {
        line.close();
      }
      back.accept(line, keeps);
    }
  }

  /** The call broke: the connection is reset. */
  void drop() {
    if (given.compareAndSet(false, true)) {
      line.abort();
      back.accept(line, false);
    }
  }
}
