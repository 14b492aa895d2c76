package io.cotidal.gateway.clock;

import io.cotidal.objects.names.Timestamp;
import java.time.Duration;

/**
 * A clock that is never behind what it has given or heard, and as near to the time as that allows:
 * when time stands or goes back, it counts on in the smallest steps.
 *
 * @param last what it gave or heard last
 * @param bound a stamp of others that is further ahead of our time is not believed
 */
public record HybridClock(Timestamp last, Duration bound) {
  /** What became of a stamp of others. */
  public sealed interface Heard {
    /** From now on ours are later. */
    record Taken(HybridClock clock) implements Heard {}

    /**
     * It is not believed: one of the two clocks is wrong.
     *
     * @param ahead how far it is ahead of our time
     */
    record TooFarAhead(Duration ahead) implements Heard {}
  }

  /** The clock after its next stamp, which is {@link #last}. */
  public HybridClock next(Timestamp now) {
    return new HybridClock(now.after(last) ? now : last.next(), bound);
  }

  /** Hears a stamp that another gateway gave. */
  public Heard heard(Timestamp stamp, Timestamp now) {
    Duration ahead = Duration.between(now.instant(), stamp.instant());
    if (ahead.compareTo(bound) > 0) {
      return new Heard.TooFarAhead(ahead);
    }
    return new Heard.Taken(stamp.after(last) ? new HybridClock(stamp, bound) : this);
  }

  /** By how much it is ahead of the time; zero if it is not. */
  public Duration ahead(Timestamp now) {
    return last.after(now) ? Duration.between(now.instant(), last.instant()) : Duration.ZERO;
  }
}
