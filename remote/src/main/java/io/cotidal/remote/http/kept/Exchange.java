package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Words;
import io.cotidal.remote.http.kept.CallFailed.Why;
import io.cotidal.remote.http.kept.Pump.SourceBroken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request and the head of its answer, over one connection. */
final class Exchange {
  private static final int SMALL = 64 * 1024;

  /** After a write has failed an answer may still lie there: why it was not taken. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Lease lease;
  private final Line line;
  private final Request request;
  private final Deadline deadline;
  private final Duration stall;
  private boolean headSent;
  private boolean bodyBegun;

  Exchange(Lease lease, Request request, Deadline deadline, Duration stall) {
    this.lease = lease;
    this.line = lease.line();
    this.request = request;
    this.deadline = deadline;
    this.stall = stall;
  }

  /** Whether it may be done again over another connection, as if this one had never been. */
  boolean again() {
    boolean harmless = !headSent || (request.again() && !bodyBegun);
    return harmless && line.used() && !line.inlet().heard();
  }

  /**
   * Sends, and waits for the head.
   *
   * @throws CallFailed and the connection has been reset
   */
  Answer run(String authority) throws CallFailed {
    line.inlet().begin();
    byte[] head = request.head(authority).getBytes(StandardCharsets.ISO_8859_1);
    try {
      return isSmall() ? atOnce(head) : ahead(head, request.body().orElseThrow());
    } catch (IOException e) {
      lease.drop();
      throw failed(e);
    } catch (InterruptedException e) {
      lease.drop();
      Thread.currentThread().interrupt();
      throw failed(new IOException(e));
    } catch (RuntimeException e) {
      lease.drop();
      throw e;
    }
  }

  private boolean isSmall() {
    boolean fits =
        request.body().map(body -> body.length().orElse(Long.MAX_VALUE) <= SMALL).orElse(true);
    return fits && request.patience().isEmpty();
  }

  private Answer atOnce(byte[] head) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length + 256);
    all.writeBytes(head);
    if (request.body().isPresent()) {
      all.writeBytes(whole(request.body().get()));
    }
    byte[] bytes = all.toByteArray();
    IOException failed = null;
    try (WriteWatch watch = new WriteWatch(line, deadline, stall)) {
      headSent = true;
      bodyBegun = bytes.length > head.length;
      watch.write(bytes, 0, bytes.length);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      failed = e;
    }
    return heard(failed);
  }

  private byte[] whole(Body body) throws IOException {
    long length = body.length().orElseThrow();
    byte[] bytes;
    try {
      bytes = body.open().readNBytes((int) length);
    } catch (IOException e) {
      throw new SourceBroken("it cannot be read", e);
    }
    if (bytes.length < length) {
      throw new SourceBroken("it ended " + (length - bytes.length) + " bytes too early", null);
    }
    return bytes;
  }

  private Answer heard(@Nullable IOException failed) throws IOException {
    Duration most = failed == null ? stall : LAST_WORDS;
    line.inlet().pace(failed == null ? deadline : deadline.atMost(LAST_WORDS), most);
    try {
      Head head = Head.read(line.inlet());
      while (head.interim()) {
        head = Head.read(line.inlet());
      }
      return answer(head, failed != null);
    } catch (IOException e) {
      if (failed != null) {
        failed.addSuppressed(e);
        throw failed;
      }
      throw e;
    }
  }

  private Answer ahead(byte[] head, Body body) throws IOException, InterruptedException {
    Ahead ahead = new Ahead(line, body, deadline);
    IOException failed = null;
    try (WriteWatch watch = new WriteWatch(line, deadline, stall)) {
      headSent = true;
      watch.write(head, 0, head.length);
      Thread.ofVirtual().name("answer-ahead").start(ahead);
      if (request.patience().isEmpty() || ahead.mayGo(request.patience().get())) {
        bodyBegun = true;
        new Pump(watch, ahead).send(body);
      }
    } catch (SourceBroken | SocketTimeoutException e) {
      if (!ahead.answered()) {
        throw e;
      }
      failed = e;
    } catch (IOException e) {
      failed = e;
    }
    return heard(ahead, failed);
  }

  private Answer heard(Ahead ahead, @Nullable IOException failed)
      throws IOException, InterruptedException {
    Duration left = deadline.left();
    Duration most = failed == null ? stall : LAST_WORDS;
    try {
      Head head = ahead.head(left.compareTo(most) < 0 ? left : most);
      return answer(head, ahead.early() || failed != null);
    } catch (IOException e) {
      if (failed != null) {
        failed.addSuppressed(e);
        throw failed;
      }
      throw e;
    }
  }

  private Answer answer(Head head, boolean early) throws IOException {
    line.inlet().pace(deadline, stall);
    Framing framing = Framing.of(line.inlet(), request.method(), head);
    boolean keeps = head.keeps() && !early;
    return new Answer(head, early, new AnswerBody(lease, framing, keeps).begin());
  }

  private CallFailed failed(IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new CallFailed(Why.INTERRUPTED, headSent, "interrupted in the middle of a call", e);
    }
    return switch (e) {
      case SocketTimeoutException late ->
          new CallFailed(
              Why.LATE,
              headSent,
              "no answer in time: is it overloaded, or the way to it cut?",
              late);
      case SourceBroken source ->
          new CallFailed(
              Why.SOURCE,
              headSent,
              "what was to be sent broke off (" + Words.line(source) + "); nothing was finished",
              source);
      case NotHttp bad ->
          new CallFailed(Why.NO_HTTP, headSent, String.valueOf(bad.getMessage()), bad);
      case IOException other ->
          new CallFailed(
              Why.BROKEN,
              headSent,
              "the connection broke (" + Words.line(other) + "): is it running?",
              other);
    };
  }
}
