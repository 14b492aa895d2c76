package io.cotidal.runtime;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A source that answers what the test says. */
final class ScriptedSource implements MemberSource {
  final AtomicInteger asks = new AtomicInteger();
  final AtomicInteger asking = new AtomicInteger();
  final AtomicInteger interrupts = new AtomicInteger();
  volatile Supplier<SourceAnswer> script = () -> new SourceAnswer.Unavailable("no script");
  volatile @Nullable Duration patience;
  volatile boolean closed;

  @Override
  public SourceAnswer ask(Duration longest) {
    patience = longest;
    Supplier<SourceAnswer> answer = script;
    asking.incrementAndGet();
    asks.incrementAndGet();
    try {
      return answer.get();
    } finally {
      asking.decrementAndGet();
    }
  }

  /** Waits whatever interrupts it, as a call into a kernel would. */
  void hang(CountDownLatch until) {
    boolean done = false;
    while (!done) {
      try {
        until.await();
        done = true;
      } catch (InterruptedException e) {
        interrupts.incrementAndGet();
      }
    }
  }

  @Override
  public String describe() {
    return "a script";
  }

  @Override
  public void close() {
    closed = true;
  }
}
