package io.cotidal.runtime;

import io.cotidal.engine.Snapshot;
import io.cotidal.model.Moment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each loop of a won election, with what the store holds of its resource, and of a lost one.
 */
final class Leadership implements Election.Candidate {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final Daemon.Ground ground;
  private final List<ResourceLoop<?, ?>> loops;
  private final Serial serial = new Serial("leadership");

  /** Rises with each win and loss: a load that was begun before is worthless. */
  private final AtomicLong term = new AtomicLong();

  private volatile String problem = "";

  Leadership(Daemon.Ground ground, List<ResourceLoop<?, ?>> loops) {
    this.ground = ground;
    this.loops = loops;
  }

  @Override
  public void won() {
    long current = term.incrementAndGet();
    loops.forEach(loop -> serial.run(() -> load(loop, current)));
  }

  @Override
  public void lost(String reason) {
    term.incrementAndGet();
    problem = "";
    // Behind loads under way: a loop must hear of the loss last.
    serial.run(() -> loops.forEach(loop -> loop.lost(reason)));
  }

  private void load(ResourceLoop<?, ?> loop, long current) {
    if (term.get() != current) {
      return;
    }
    Snapshot snapshot;
    try {
      snapshot = ground.store().load(loop.id());
    } catch (RuntimeException e) {
      String reason = loop.id() + ": the store cannot be read: " + Failures.sentence(e);
      if (!reason.equals(problem)) {
        log.error("event=load-failed resource={} retry=1s", loop.id(), e);
      }
      problem = reason;
      ground
          .clock()
          .at(
              ground.clock().now().nanos() + 1000 * Moment.MILLI,
              () -> serial.run(() -> load(loop, current)));
      return;
    }
    problem = "";
    loop.won(snapshot);
  }

  /** Why leadership could not be taken up; empty if it could. */
  Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }
}
