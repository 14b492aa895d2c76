package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.Exchange.Appetite;
import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.BodyReader;
import io.cotidal.gateway.wire.message.Framing;

/** The body of one request, from what has come of the client to its exchange. */
final class Upload {
  private final Loop loop;
  private final Exchange exchange;
  private final BodyReader body;

  /** Until more of it comes. */
  private final Alarm stall = new Alarm();

  private long discarded;

  Upload(Loop loop, Exchange exchange, Framing framing) {
    this.loop = loop;
    this.exchange = exchange;
    this.body = new BodyReader(framing, loop.limits().head());
    came();
  }

  /** Something of it has come. */
  void came() {
    stall.set(loop.now(), loop.patience().stall());
  }

  /** Whether all of it has come. */
  boolean whole() {
    return body.done();
  }

  /** Whether more of it may come, if only so that its sender sees the answer. */
  boolean mayCome() {
    return discarded <= loop.limits().discard();
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

  /** Looks whether it has been waited for too long. */
  void tick(long now) {
    if (exchange.appetite() != Appetite.TAKE) {
      came();
    } else if (stall.rings(now)) {
      exchange.refused(408, "the body of the request did not come in time");
    }
  }
}
