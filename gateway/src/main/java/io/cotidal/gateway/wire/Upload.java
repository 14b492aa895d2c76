package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.Exchange.Appetite;
import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.BodyReader;
import io.cotidal.gateway.wire.message.Framing;

/** The body of one request, from what has come of the client to its exchange. */
final class Upload {
  private final Exchange exchange;
  private final BodyReader body;
  private long discarded;

  Upload(Exchange exchange, Framing framing, int limit) {
    this.exchange = exchange;
    this.body = new BodyReader(framing, limit);
  }

  /** Whether all of it has come. */
  boolean whole() {
    return body.done();
  }

  /** How much of it has come for nothing. */
  long discarded() {
    return discarded;
  }

  /** Whether the exchange waits for more of it. */
  boolean wanted() {
    return exchange.appetite() == Appetite.TAKE;
  }

  /** Whether nobody wants it any more. */
  boolean useless() {
    return exchange.appetite() == Appetite.DISCARD;
  }

  /** Hands on what has come, and says whether that was anything. */
  boolean advance(Inbox inbox) {
    Appetite appetite = exchange.appetite();
    if (appetite == Appetite.WAIT) {
      return false;
    }
    try {
      Pieces pieces = inbox.body(body);
      if (pieces == null) {
        return false;
      }
      if (appetite == Appetite.TAKE) {
        exchange.body(pieces, body.done());
      } else {
        discarded += pieces.bytes();
        pieces.drop();
      }
    } catch (BadMessage e) {
      exchange.refused(e.status(), e.reason());
    }
    return true;
  }
}
