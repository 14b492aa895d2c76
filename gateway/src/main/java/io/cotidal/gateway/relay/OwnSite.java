package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.objects.swift.SwiftTrouble;
import java.util.Optional;

/**
 * What the relay does at its own site, where clients are at work at the same time. It never goes
 * beside a client's change, and never over one that nobody had seen when it was decided: Swift
 * would take the relay's word for the later one, and the client's would be gone. Thread-safe.
 */
final class OwnSite {
  private final Turnstile turnstile;
  private final Outbox outbox;

  OwnSite(Turnstile turnstile, Outbox outbox) {
    this.turnstile = turnstile;
    this.outbox = outbox;
  }

  /** What came of it. */
  enum Came {
    /** It is done. */
    DONE,
    /** A client is changing it, or just has: it is to be looked at when that is over. */
    BUSY,
    /** It is not any more what it was decided from: it is to be looked at again. */
    OTHER
  }

  /** Whether it is still what it was decided from. */
  interface Look {
    boolean still() throws SwiftTrouble, InterruptedException;
  }

  /** What is to be done. */
  interface Call {
    void run() throws SwiftTrouble;
  }

  /**
   * Does it, if nobody has come between.
   *
   * @param open from which it was decided
   */
  Came act(Open open, Look look, Call call) throws SwiftTrouble, InterruptedException {
    Optional<Passage> alone = turnstile.hold(open.subject());
    if (alone.isEmpty()) {
      return Came.BUSY;
    }
    try (Passage _ = alone.get()) {
      Optional<Open> now = outbox.open(open.subject());
      if (now.isEmpty() || now.get().version() != open.version()) {
        return Came.BUSY;
      }
      if (!look.still()) {
        return Came.OTHER;
      }
      call.run();
      return Came.DONE;
    }
  }
}
