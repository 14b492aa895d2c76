package io.cotidal.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the resources of a daemon end: in order, and in time whatever hangs. */
final class Farewell {
  private static final Logger log = LoggerFactory.getLogger(Farewell.class);

  /** How long a stop waits for acts under way. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** How long one resource waits so while the daemon goes on: nothing is done for it meanwhile. */
  private static final Duration ALONE = Duration.ofSeconds(5);

  /** How long a stop waits for whatever else has to end. */
  private static final Duration END = Duration.ofMillis(500);

  private final Collection<Runner> runners;

  /** Of those who are in {@code runners} at each moment: one may come until the last. */
  Farewell(Collection<Runner> runners) {
    this.runners = runners;
  }

  /**
   * Begins no acts, lets those under way end, and ends the loops.
   *
   * @param turning whether the loops were ever started
   * @return whether every act had ended
   */
  boolean loops(boolean turning) {
    log.info("event=stopping resources={}", runners.size());
    runners.forEach(runner -> runner.watch().ifPresent(SourceWatch::stop));
    boolean quiet = !turning || await(all(ResourceLoop::drain), DRAIN);
    if (!quiet) {
      log.warn("event=stop-interrupts-acts the next owner inspects them before it goes on");
    }
    end("the daemon is stopping", turning);
    return quiet;
  }

  private void end(String reason, boolean turning) {
    runners.forEach(runner -> runner.loop().lost(reason));
    if (turning) {
      await(all(ResourceLoop::stop), END);
    }
  }

  /**
   * Ends these alone, while others of the daemon go on, if every act under way ends in time; else
   * they go on as if nothing had been asked.
   *
   * @param reason one sentence, for those who wait for a reply
   * @return whether they have ended
   */
  boolean alone(String reason) {
    if (!await(all(ResourceLoop::drain), ALONE)) {
      runners.forEach(runner -> runner.loop().goOn());
      return false;
    }
    runners.forEach(runner -> runner.watch().ifPresent(SourceWatch::stop));
    end(reason, true);
    drivers();
    return true;
  }

  private CompletableFuture<?> all(Function<ResourceLoop<?, ?>, CompletableFuture<Void>> end) {
    return CompletableFuture.allOf(
        runners.stream().map(runner -> end.apply(runner.loop())).toArray(CompletableFuture[]::new));
  }

  /** Closes every driver and every source; one that hangs keeps no other waiting. */
  void drivers() {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (Runner runner : runners) {
      String resource = runner.loop().id().toString();
      ends.add(close("driver " + resource, runner.driver()::close));
      runner.watch().ifPresent(watch -> ends.add(close("source " + resource, watch::close)));
    }
    await(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)), END);
  }

  private static CompletableFuture<Void> close(String what, Runnable closing) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("close " + what)
        .start(() -> {
          try {
            closing.run();
          } catch (RuntimeException | Error e) {
            log.warn("event=close-failed what=\"{}\" reason=\"{}\"", what, Failures.sentence(e));
          } finally {
            end.complete(null);
          }
        });
    return end;
  }

  /**
   * Whether it was done in time, by real time: a stop must end whatever the clock of a test says.
   */
  private static boolean await(CompletableFuture<?> done, Duration limit) {
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
