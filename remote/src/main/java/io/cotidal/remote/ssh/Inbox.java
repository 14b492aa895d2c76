package io.cotidal.remote.ssh;

import io.cotidal.remote.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Takes what a channel prints, and hands it on line by line. Written by the library's thread, read
 * by ours.
 */
final class Inbox extends OutputStream {
  private final int limit;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private int waiting;

  /** Refuses more than {@code limit} bytes that nobody has taken yet. */
  Inbox(int limit) {
    this.limit = limit;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    synchronized (line) {
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          lines.add(Optional.of(line.toString(StandardCharsets.UTF_8)));
          line.reset();
        } else {
          line.write(bytes[i]);
          waiting++;
        }
      }
      if (waiting > limit) {
        throw new IOException("the other side printed more than " + limit + " bytes");
      }
    }
  }

  /** Nothing more comes. What is there stays readable. */
  @Override
  public void close() {
    synchronized (line) {
      if (line.size() > 0) {
        lines.add(Optional.of(line.toString(StandardCharsets.UTF_8)));
        line.reset();
      }
    }
    lines.add(Optional.empty());
  }

  /**
   * The next line.
   *
   * @return empty once nothing more comes
   * @throws SshFailure if none came by the deadline
   */
  Optional<String> next(Deadline deadline) throws SshFailure, InterruptedException {
    Optional<String> taken = lines.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    if (taken == null) {
      throw SshFailure.silent("no answer in time");
    }
    if (taken.isEmpty()) {
      // For whoever asks again.
      lines.add(taken);
    }
    synchronized (line) {
      waiting -= taken.map(text -> text.getBytes(StandardCharsets.UTF_8).length).orElse(0);
    }
    return taken;
  }

  /** What has come and nobody has taken, in one piece. */
  String rest() {
    StringBuilder text = new StringBuilder();
    lines.forEach(each -> each.ifPresent(one -> text.append(one).append(' ')));
    synchronized (line) {
      text.append(line.toString(StandardCharsets.UTF_8));
    }
    return text.toString().strip();
  }
}
