package io.cotidal.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands bytes on between two programs, both ways at once, which takes threads of its own. When the
 * one has said all, the other is told so; how the programs ended is for others to find out.
 * Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final Duration FAREWELL = Duration.ofSeconds(4);

  private final Conduit source;
  private final Conduit target;
  private final AtomicLong bytes = new AtomicLong();
  private final Thread forth;
  private final Thread back;

  /** Waits as long as it must before more is handed on. */
  @FunctionalInterface
  public interface Pace {
    /**
     * Waits.
     *
     * @param handed how many bytes went either way so far
     */
    void keep(long handed) throws InterruptedException;
  }

  /**
   * Begins to hand on; closing ends both programs.
   *
   * @param pace asked after each chunk from {@code source}
   */
  public Relay(Conduit source, Conduit target, Pace pace) {
    this.source = source;
    this.target = target;
    this.forth =
        Thread.ofPlatform()
            .daemon()
            .name("relay forth")
            .start(() -> pump(source.heard(), target.told(), pace));
    this.back =
        Thread.ofPlatform()
            .daemon()
            .name("relay back")
            .start(() -> pump(target.heard(), source.told(), _ -> {}));
  }

  /** How many bytes were handed on so far, both ways together. */
  public long bytes() {
    return bytes.get();
  }

  private void pump(InputStream from, OutputStream to, Pace paced) {
    byte[] chunk = new byte[CHUNK];
    try (to) {
      for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
        to.write(chunk, 0, read);
        to.flush();
        paced.keep(bytes.addAndGet(read));
      }
    } catch (IOException e) {
      // One of both has ended, and says elsewhere why.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the programs complained of; empty if they did not. */
  public String complaint() {
    String first = source.complaint();
    String second = target.complaint();
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }

  @Override
  public void close() {
    source.close();
    target.close();
    forth.interrupt();
    back.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      forth.join(FAREWELL);
      back.join(FAREWELL);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
