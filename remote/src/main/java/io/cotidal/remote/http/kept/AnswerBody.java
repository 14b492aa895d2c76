package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Words;
import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;

/**
 * The body of an answer as it comes. At its end the connection goes back; if it breaks, the
 * connection is reset and each further read fails.
 */
final class AnswerBody extends InputStream {
  private static final long NOT_READ = 64 * 1024;
  private static final Duration DRAIN = Duration.ofMillis(500);

  private final Lease lease;
  private final Framing framing;
  private final boolean keeps;
  private boolean ended;
  private boolean closed;

  AnswerBody(Lease lease, Framing framing, boolean keeps) {
    this.lease = lease;
    this.framing = framing;
    this.keeps = keeps && framing.keeps();
  }

  /** Ends at once if nothing comes. */
  AnswerBody begin() throws IOException {
    if (framing.over()) {
      end();
    }
    return this;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int most) throws IOException {
    Objects.checkFromIndexSize(at, most, into.length);
    if (ended) {
      return -1;
    }
    if (closed) {
      throw new BodyBroken(Why.BROKEN, "the answer was given up before its end", null);
    }
    if (most == 0) {
      return 0;
    }
    try {
      int length = framing.some(into, at, most);
      if (framing.over()) {
        end();
      }
      return length;
    } catch (IOException e) {
      closed = true;
      lease.drop();
      throw broken(e);
    }
  }

  private void end() {
    ended = true;
    lease.over(keeps);
  }

  private static BodyBroken broken(IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new BodyBroken(Why.INTERRUPTED, "interrupted while an answer was read", e);
    }
    return switch (e) {
      case SocketTimeoutException late ->
          new BodyBroken(
              Why.LATE,
              "the answer stood still or took too long: is it overloaded, or the way to it cut?",
              late);
      case NotHttp bad -> new BodyBroken(Why.NO_HTTP, String.valueOf(bad.getMessage()), bad);
      case EOFException cut ->
          new BodyBroken(
              Why.BROKEN, "the connection ended in the middle of an answer: was it stopped?", cut);
      case IOException other ->
          new BodyBroken(
              Why.BROKEN,
              "the connection broke in the middle of an answer (" + Words.line(other) + ")",
              other);
    };
  }

  /** Reads a short rest, so that the connection can be kept; a long one is not waited for. */
  @Override
  public void close() {
    if (ended || closed) {
      return;
    }
    try {
      if (keeps && framing.shorterThan(NOT_READ)) {
        framing.hurry(Deadline.in(DRAIN), DRAIN);
        byte[] rest = new byte[8 * 1024];
        long most = NOT_READ;
        while (!framing.over() && most > 0) {
          most -= Math.max(0, framing.some(rest, 0, rest.length));
        }
      }
    } catch (IOException e) {
      // Nobody wants it any more.
      assert !framing.over();
    }
    if (framing.over()) {
      end();
    } else {
      closed = true;
      lease.drop();
    }
  }
}
