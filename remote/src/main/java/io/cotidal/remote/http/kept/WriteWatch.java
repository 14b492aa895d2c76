package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Writes under a deadline. A socket has no timeout for what is written: one that does not move for
 * too long is closed under its writer. One alarm serves all writes of a call.
 */
final class WriteWatch implements AutoCloseable {
  private final Line line;
  private final Deadline deadline;
  private final long stall;
  private volatile boolean writing;
  private volatile long since;
  private volatile boolean expired;
  private volatile boolean over;
  private volatile CompletableFuture<Void> alarm = new CompletableFuture<>();

  WriteWatch(Line line, Deadline deadline, Duration stall) {
    this.line = line;
    this.deadline = deadline;
    this.stall = stall.toNanos();
    arm(this.stall);
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    since = System.nanoTime();
    writing = true;
    try {
      line.out().write(bytes, from, length);
      line.out().flush();
    } catch (IOException e) {
      if (expired) {
        throw late(e);
      }
      throw e;
    } finally {
      writing = false;
    }
  }

  /** Whether the connection was closed because nothing moved, or the deadline was over. */
  boolean expired() {
    return expired;
  }

  private static SocketTimeoutException late(IOException cause) {
    SocketTimeoutException late = new SocketTimeoutException("what is sent is not taken");
    late.initCause(cause);
    return late;
  }

  private void arm(long nanos) {
    CompletableFuture<Void> next = new CompletableFuture<>();
    alarm = next;
    CompletableFuture<Void> _ =
        next.orTimeout(
                Math.max(1, Math.min(nanos, deadline.left().toNanos())), TimeUnit.NANOSECONDS)
            .whenComplete((_, rung) -> {
              if (rung != null) {
                look();
              }
            });
    if (over) {
      boolean _ = next.complete(null);
    }
  }

  private void look() {
    long standing = writing ? System.nanoTime() - since : 0;
    if (over) {
      return;
    }
    if (deadline.over() || standing >= stall) {
      expired = true;
      line.abort();
    } else {
      arm(stall - standing);
    }
  }

  @Override
  public void close() {
    over = true;
    boolean _ = alarm.complete(null);
  }
}
