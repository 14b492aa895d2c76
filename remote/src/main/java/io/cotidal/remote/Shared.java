package io.cotidal.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A reading that is dear, and wanted by many at the same time: one serves all who asked before it
 * began, so that however many ask, at most one is under way. Whoever asks gets what was read after
 * the question, never what was known before. Thread-safe.
 *
 * @param <T> what is read; given to several, so it must be immutable
 */
final class Shared<T> {
  private final Reading<T> reading;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private long begun;
  private Result<T> latest = new Result<>(0, null, null);
  private boolean underWay;

  Shared(Reading<T> reading) {
    this.reading = reading;
  }

  /** What is shared. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  /** What came of the reading of that number; either of the two is null. */
  private record Result<T>(long number, @Nullable T value, @Nullable IOException failure) {
    T get() throws IOException {
      if (value == null) {
        throw new IOException(failure);
      }
      return value;
    }
  }

  /**
   * What a reading gives that begins after this call did.
   *
   * @throws IOException if it fails, or the caller is interrupted while it waits
   */
  T get() throws IOException {
    lock.lock();
    try {
      long wanted = begun + 1;
      while (latest.number() < wanted) {
        if (underWay) {
          ended.await();
        } else {
          latest = next();
          ended.signalAll();
        }
      }
      return latest.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted while another reads").initCause(e);
    } finally {
      lock.unlock();
    }
  }

  private Result<T> next() {
    long number = ++begun;
    underWay = true;
    lock.unlock();
    Result<T> result = new Result<>(number, null, new IOException("the reading was broken off"));
    try {
      result = new Result<>(number, reading.read(), null);
    } catch (IOException e) {
      result = new Result<>(number, null, e);
    } finally {
      lock.lock();
      underWay = false;
      ended.signalAll();
    }
    return result;
  }
}
