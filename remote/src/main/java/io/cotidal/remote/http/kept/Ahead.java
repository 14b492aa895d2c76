package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Listens while a body is sent: for the leave to send it, and for an answer that does not wait for
 * all of it. A writer whose bytes nobody takes any more would else never read that answer.
 */
final class Ahead implements Runnable {
  private static final Duration LAST_BYTES = Duration.ofSeconds(1);
  private static final int CONTINUE = 100;

  private final Line line;
  private final Body body;
  private final Deadline deadline;
  private final CompletableFuture<Boolean> leave = new CompletableFuture<>();
  private final CompletableFuture<Head> head = new CompletableFuture<>();
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private volatile boolean last;
  private volatile boolean early;

  Ahead(Line line, Body body, Deadline deadline) {
    this.line = line;
    this.body = body;
    this.deadline = deadline;
  }

  @Override
  public void run() {
    try {
      line.inlet().pace(deadline, deadline.left());
      Head next = Head.read(line.inlet());
      while (next.interim()) {
        if (next.status() == CONTINUE) {
          boolean _ = leave.complete(true);
        }
        next = Head.read(line.inlet());
      }
      early = !last || !isWritten();
      boolean _ = head.complete(next);
      boolean _ = leave.complete(false);
      if (early) {
        line.stopWriting();
        body.enough();
      }
    } catch (IOException | RuntimeException e) {
      boolean _ = head.completeExceptionally(e);
      boolean _ = leave.complete(false);
    }
  }

  /** The last bytes are on their way: an answer is early only if they do not get there. */
  private boolean isWritten() {
    try {
      written.get(LAST_BYTES.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits for the leave to send; true also if nothing was said for so long. */
  boolean mayGo(Duration most) throws InterruptedException {
    try {
      return leave.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether nothing more need be sent: an answer came, or none can come. */
  boolean answered() {
    return head.isDone();
  }

  /** The writer is about to send the last bytes. */
  void last() {
    last = true;
  }

  /** The writer has sent the last bytes. */
  void written() {
    boolean _ = written.complete(null);
  }

  /** Whether the answer came before all was sent. */
  boolean early() {
    return early;
  }

  /** Waits for the final head. */
  Head head(Duration most) throws IOException, InterruptedException {
    try {
      return head.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      SocketTimeoutException late = new SocketTimeoutException("no answer");
      late.initCause(e);
      throw late;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw new IllegalStateException(e);
    }
  }
}
