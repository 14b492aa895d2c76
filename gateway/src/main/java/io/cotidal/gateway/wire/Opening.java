package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.RequestHead;
import io.cotidal.gateway.wire.message.Requests;
import org.jspecify.annotations.Nullable;

/** The head of a client's next request, from what has come of the client. */
final class Opening {
  private final Loop loop;
  private final Inbox inbox;
  private final Alarm alarm = new Alarm();
  private boolean begun;

  Opening(Loop loop, Inbox inbox) {
    this.loop = loop;
    this.inbox = inbox;
  }

  /** The first one of a connection is awaited. */
  void first() {
    alarm.set(loop.now(), loop.patience().head());
  }

  /** The next one is awaited, if there is one. */
  void next() {
    begun = false;
    alarm.set(loop.now(), loop.patience().idle());
  }

  /** Whether something of it has come. */
  boolean begun() {
    return begun;
  }

  /** Reads it; null if it is not whole yet. */
  @Nullable RequestHead read() throws BadMessage {
    if (inbox.headBegun() && !begun) {
      begun = true;
      first();
    }
    byte[] bytes = inbox.head();
    return bytes == null ? null : Requests.read(bytes);
  }

  /** Whether it has not come in time. */
  boolean late(long now) {
    return alarm.rings(now);
  }
}
