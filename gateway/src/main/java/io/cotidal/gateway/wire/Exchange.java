package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private final Onward onward;
  private final Errand own;
  private final Reply reply;

  /** Until the intention is written down. */
  private final Alarm intention = new Alarm();

  private Watched watched;
  private @Nullable Detour detour;

  /** Whose answer the client gets. */
  private Errand teller;

  private boolean over;

  Exchange(Loop loop, ClientConnection client, RequestHead request, Onward onward) {
    this.loop = loop;
    this.client = client;
    this.request = request;
    this.onward = onward;
    this.own = new Errand(loop, loop.pool(), this, request, onward);
    this.reply = new Reply(client.link(), request, onward);
    this.watched = new Watched(loop, null);
    this.teller = own;
  }

  /** Asks the doorkeeper, and does what it says. */
  void begin() {
    switch (loop.judge(request.head(), onward.id())) {
      case Ruling.Refuse refuse -> refused(refuse.status(), refuse.reason());
      case Ruling.Pass pass -> read(pass.head());
      case Ruling.Read read -> {
        if (request.framing().empty()) {
          detour = new Detour(loop, this, request, onward, read.elsewhere());
        }
        read(read.head());
      }
      case Ruling.Watched watch -> {
        watched = new Watched(loop, watch.watch());
        intention.set(loop.now(), loop.patience().queue());
        watched.intend(written -> intended(watch, written));
      }
    }
  }

  private void read(Head seen) {
    boolean reads = request.framing().empty() && request.safe();
    own.patient(reads ? loop.patience().reading() : loop.patience().answer()).go(seen, true);
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
    teller.advance();
  }

  /** An answer that is not the final one. */
  void interim(AnswerHead said) {
    reply.interim(said);
    client.advance();
  }

  /** The final one. */
  void answered(Errand from, AnswerHead said) {
    Detour way = detour;
    if (way != null && from != own) {
      way.answered(from, said);
    } else if (way == null || !way.answered(said)) {
      tellOwn(said);
    }
    client.advance();
  }

  /** The client gets the own site's answer. */
  void tellOwn(AnswerHead said) {
    watched.answered(said.answer(), last -> tell(last, said));
  }

  /** The client gets another site's answer. */
  void tellFrom(Errand other, AnswerHead said) {
    loop.tally().elsewhere.increment();
    teller = other;
    own.forget();
    tell(said.answer(), said);
  }

  /** The client gets an answer whose body is put together, first of what that one has said. */
  void join(Errand first, Answer answer, long bytes) {
    loop.tally().elsewhere.increment();
    own.forget();
    hear(first);
    reply.joined(answer, bytes, !loop.draining());
  }

  /** What follows is the answer of that one. */
  void hear(Errand next) {
    teller = next;
  }

  /** The body that was put together is whole. */
  void joined() {
    answerEnded(List.of());
    ended(true);
  }

  private boolean joins() {
    return detour != null && detour.joins();
  }

  /** The client gets this. */
  void say(Answer answer, String text) {
    loop.tally().elsewhere.increment();
    over = true;
    own.forget();
    reply.whole(answer, text, !loop.draining());
    client.finished(reply.keep());
  }

  private void tell(Answer last, AnswerHead said) {
    if (over) {
      return;
    }
    boolean early = !teller.whole() && said.answer().status() >= FIRST_REFUSAL;
    reply.head(last, said, !early && !loop.draining());
    clientWritable();
  }

  /** Whether the body of that answer may go on now. */
  boolean takesAnswer(Errand from) {
    return !over && from == teller && reply.takes();
  }

  void answerBody(Pieces pieces) {
    loop.tally().sent.add(pieces.bytes());
    reply.body(pieces);
  }

  /** The answer is whole, or a piece of it. */
  void answerEnded(List<Field> trailers) {
    if (!joins()) {
      over = true;
      reply.end(trailers);
    }
    reply.flush();
  }

  /**
   * The site's part is over.
   *
   * @param whole whether the site has got the whole request
   */
  void ended(boolean whole) {
    Detour way = detour;
    if (way != null && way.joins()) {
      way.pieceEnded();
    } else {
      client.finished(reply.keep() && whole);
    }
  }

  /** The client is gone, or is to go: nothing more can be told. */
  void clientGone() {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    breakOff();
  }

  private void breakOff() {
    own.breakOff();
    if (detour != null) {
      detour.breakOff();
    }
  }

  /** Answers in the site's place: what the client wants or sends is not taken. */
  void refused(int status, String reason) {
    loop.tally().refused.increment();
    end(status, reason);
  }

  /** There is no whole answer of the site. */
  void failed(Errand from, Errand.Failure failure, Errand.Failed failed) {
    Detour way = detour;
    if (way != null && from != own && way.failed(from)) {
      return;
    }
    switch (failure) {
      case FULL -> loop.tally().refused.increment();
      case UNREACHABLE -> loop.tally().siteFailures.increment();
      case BROKEN -> {
        loop.tally().siteFailures.increment();
        LOG.info(
            "event=request-failed request={} status={} why=\"{}\"",
            onward.id(),
            failed.status(),
            failed.why());
      }
    }
    boolean full = failure == Errand.Failure.FULL && !loop.pool().hangs();
    boolean outage = from == own && !full && !reply.told();
    if (way != null && outage) {
      own.breakOff();
      if (way.silent(failed)) {
        return;
      }
    }
    end(failed.status(), failed.why());
  }

  /** Answers if nothing has been told; else the client must see that the rest is missing. */
  void end(int status, String reason) {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    breakOff();
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
      if (detour != null) {
        detour.tick(now);
      }
    }
  }
}
