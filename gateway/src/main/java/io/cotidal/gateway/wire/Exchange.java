package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.RequestHead;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a client, from its judgement to the end of its answer. Used by its loop only. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int FIRST_REFUSAL = 300;

  /** What is done with the body of the request. */
  enum Appetite {
    WAIT,
    TAKE,
    DISCARD
  }

  private final Loop loop;
  private final ClientConnection client;
  private final RequestHead request;
  private final String id;
  private final Errand own;
  private final Reply reply;

  /** Until the intention is written down. */
  private final Alarm intention = new Alarm();

  private Watched watched;
  private boolean over;

  Exchange(Loop loop, ClientConnection client, RequestHead request, Onward onward) {
    this.loop = loop;
    this.client = client;
    this.request = request;
    this.id = onward.id();
    this.own = new Errand(loop, loop.pool(), this, request, onward);
    this.reply = new Reply(client.link(), request, onward);
    this.watched = new Watched(loop, null);
  }

  /** Asks the doorkeeper, and does what it says. */
  void begin() {
    switch (loop.judge(request.head(), id)) {
      case Ruling.Refuse refuse -> refused(refuse.status(), refuse.reason());
      case Ruling.Pass pass -> own.go(pass.head(), true);
      case Ruling.Watched watch -> {
        watched = new Watched(loop, watch.watch());
        intention.set(loop.now(), loop.patience().queue());
        watched.intend(written -> intended(watch, written));
      }
    }
  }

  private void intended(Ruling.Watched watch, boolean written) {
    intention.off();
    if (over) {
      watched.lost();
    } else if (written) {
      // Of a request that is watched nobody could say whether it was done once or twice.
      own.go(watch.head(), false);
    } else {
      refused(503, "what is to be changed could not be written down; nothing was done");
    }
  }

  /** Whether nothing more is to come of it. */
  boolean over() {
    return over;
  }

  /** Whether the head of the answer was written. */
  boolean told() {
    return reply.told();
  }

  /** What is done with the body of the request now. */
  Appetite appetite() {
    if (own.refused()) {
      return Appetite.DISCARD;
    }
    return own.takes() ? Appetite.TAKE : Appetite.WAIT;
  }

  /** Sends what has come of the body. */
  void body(Pieces pieces, boolean last) {
    own.body(pieces, last);
  }

  void flushSite() {
    own.flush();
  }

  void flushClient() {
    reply.flush();
  }

  /** The request's body may go on. */
  void advance() {
    client.advance();
  }

  void clientWritable() {
    own.advance();
  }

  /** An answer that is not the final one. */
  void interim(AnswerHead said) {
    reply.interim(said);
    client.advance();
  }

  /** The final one. */
  void answered(AnswerHead said) {
    watched.answered(said.answer(), last -> tell(last, said));
    client.advance();
  }

  private void tell(Answer last, AnswerHead said) {
    if (over) {
      return;
    }
    boolean early = !own.whole() && said.answer().status() >= FIRST_REFUSAL;
    reply.head(last, said, !early && !loop.draining());
    clientWritable();
  }

  /** Whether the answer's body may go on now. */
  boolean takesAnswer() {
    return !over && reply.takes();
  }

  void answerBody(Pieces pieces) {
    loop.tally().sent.add(pieces.bytes());
    reply.body(pieces);
  }

  /** The answer is whole. */
  void answerEnded(List<Field> trailers) {
    over = true;
    reply.end(trailers);
    reply.flush();
  }

  /**
   * The site's part is over.
   *
   * @param whole whether the site has got the whole request
   */
  void ended(boolean whole) {
    client.finished(reply.keep() && whole);
  }

  /** The client is gone, or is to go: nothing more can be told. */
  void clientGone() {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    own.breakOff();
  }

  /** Answers in the site's place: what the client wants or sends is not taken. */
  void refused(int status, String reason) {
    loop.tally().refused.increment();
    end(status, reason);
  }

  /** There is no whole answer of the site. */
  void failed(Errand.Failure failure, int status, String why) {
    switch (failure) {
      case FULL -> loop.tally().refused.increment();
      case UNREACHABLE -> loop.tally().siteFailures.increment();
      case BROKEN -> {
        loop.tally().siteFailures.increment();
        LOG.info("event=request-failed request={} status={} why=\"{}\"", id, status, why);
      }
    }
    end(status, why);
  }

  /** Answers if nothing has been told; else the client must see that the rest is missing. */
  private void end(int status, String reason) {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    own.breakOff();
    if (reply.told()) {
      client.breakOff();
      return;
    }
    boolean next = request.keepAlive() && client.heardAll() && !loop.draining();
    reply.own(status, reason, next);
    client.finished(next);
  }

  /** Looks at what has waited too long. */
  void tick(long now) {
    if (over) {
      return;
    }
    if (client.link().stalled(now, loop.patience().stall().toNanos())) {
      clientGone();
      client.breakOff();
    } else if (intention.rings(now)) {
      refused(503, "what is to be changed was not written down in time; nothing was done");
    } else {
      own.tick(now);
    }
  }
}
