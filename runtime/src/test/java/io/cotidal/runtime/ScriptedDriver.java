package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Members that do what the test says; by default they answer and every act succeeds. */
final class ScriptedDriver implements Driver<String> {
  final Map<MemberId, AtomicInteger> looks = new ConcurrentHashMap<>();
  final AtomicInteger looking = new AtomicInteger();
  final AtomicInteger mostLooking = new AtomicInteger();
  final AtomicInteger acts = new AtomicInteger();
  final AtomicInteger heartbeats = new AtomicInteger();
  final AtomicInteger interrupts = new AtomicInteger();
  volatile Function<MemberId, Observation<String>> look = member -> seen("up");
  volatile Function<Step, Outcome> act = step -> new Outcome.Done(Details.NONE);
  volatile Runnable heartbeat = () -> {};
  volatile Function<Item, SortedMap<String, Secret>> access = item -> new TreeMap<>();
  volatile boolean interruptible;
  volatile boolean closed;

  static Observation<String> seen(String facts) {
    return new Observation.Seen<>(facts, Host.UNKNOWN);
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

  int looksAt(String member) {
    AtomicInteger count = looks.get(new MemberId(member));
    return count == null ? 0 : count.get();
  }

  @Override
  public Observation<String> observe(MemberId member, Duration deadline) {
    mostLooking.accumulateAndGet(looking.incrementAndGet(), Math::max);
    looks.computeIfAbsent(member, key -> new AtomicInteger()).incrementAndGet();
    try {
      return look.apply(member);
    } finally {
      looking.decrementAndGet();
    }
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    return new Outcome.Done(Details.of("before", Stamp.NONE));
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    acts.incrementAndGet();
    progress.accept(new Progress(1, 2, "bytes"));
    return act.apply(step);
  }

  @Override
  public boolean interruptible(Step step) {
    return interruptible;
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    return new Inspection.NotApplied("scripted");
  }

  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {
    heartbeats.incrementAndGet();
    heartbeat.run();
  }

  @Override
  public SortedMap<String, Secret> access(Item item) {
    return access.apply(item);
  }

  @Override
  public void close() {
    closed = true;
  }
}
