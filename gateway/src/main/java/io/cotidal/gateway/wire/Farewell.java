package io.cotidal.gateway.wire;

/**
 * The end of a client's connection: the last answer is sent, and what still comes is dropped until
 * the client goes, so that it sees that answer.
 */
final class Farewell {
  private final Loop loop;
  private final Alarm alarm = new Alarm();
  private long discarded;
  private boolean sent;

  Farewell(Loop loop) {
    this.loop = loop;
  }

  /** The last answer has gone. */
  void sent() {
    sent = true;
    alarm.set(loop.now(), loop.patience().linger());
  }

  /** So much has come that nobody wants. */
  void drop(int bytes) {
    discarded += bytes;
  }

  /** Whether nothing more is to be waited for. */
  boolean over(boolean inputEnded) {
    return sent && (inputEnded || discarded > loop.limits().discard());
  }

  /** Whether the client takes the last answer too slowly, or does not go after it. */
  boolean late(Link link, long now) {
    boolean slow = !sent && link.stalled(now, loop.patience().stall().toNanos());
    return slow || (sent && alarm.rings(now));
  }
}
