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

/**
 * One request on its way to the site, and its answer on the way back. Both bodies may move at the
 * same time. Used by its loop only.
 */
final class Exchange implements Asker {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int CONTINUE = 100;
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
  private final Dispatch dispatch;
  private final Reply reply;

  /** Until the site says something about the body. */
  private final Alarm proceed = new Alarm();

  /** Until the site says something at all. */
  private final Alarm patience = new Alarm();

  private Watched watched;
  private Head head;
  private @Nullable AnswerHead answer;
  private boolean intending;
  private boolean retried;
  private boolean over;

  Exchange(Loop loop, ClientConnection client, RequestHead request, Onward onward) {
    this.loop = loop;
    this.client = client;
    this.request = request;
    this.id = onward.id();
    this.dispatch = new Dispatch(request, onward);
    this.reply = new Reply(client.link(), request, onward);
    this.head = request.head();
    this.watched = new Watched(loop, null);
  }

  /** Asks the doorkeeper, and does what it says. */
  void begin() {
    Ruling ruling;
    try {
      ruling = loop.house().doorkeeper().judge(request.head());
    } catch (RuntimeException e) {
      LOG.error("event=doorkeeper-failed request={}", id, e);
      ruling = new Ruling.Refuse(500, "the request could not be judged");
    }
    switch (ruling) {
      case Ruling.Refuse refuse -> refused(refuse.status(), refuse.reason());
      case Ruling.Pass pass -> {
        head = pass.head();
        loop.pool().take(this);
      }
      case Ruling.Watched watch -> {
        head = watch.head();
        watched = new Watched(loop, watch.watch());
        intending = true;
        patience.set(loop.now(), loop.patience().queue());
        watched.intend(this::intended);
      }
    }
  }

  private void intended(boolean written) {
    intending = false;
    patience.off();
    if (over) {
      watched.lost();
    } else if (written) {
      loop.pool().take(this);
    } else {
      refused(503, "what is to be changed could not be written down; nothing was done");
    }
  }

  @Override
  public Need need() {
    if (retried) {
      return Need.NEW;
    }
    return repeatable() ? Need.ANY : Need.RECENT;
  }

  /** Of a request that is watched nobody could say whether it was done once or twice. */
  private boolean repeatable() {
    return !watched.any() && dispatch.repeatable();
  }

  @Override
  public boolean wants() {
    return !over && dispatch.site() == null;
  }

  @Override
  public void connected(SiteConnection connection) {
    dispatch.begin(connection, head, this);
    if (dispatch.whole()) {
      patience.set(loop.now(), loop.patience().answer());
    } else if (dispatch.waits()) {
      proceed.set(loop.now(), loop.patience().proceed());
    }
    client.advance();
  }

  @Override
  public void unconnected(boolean full, String reason) {
    if (full) {
      refused(503, reason);
    } else {
      // The pool has said why, once and not for each.
      loop.tally().siteFailures.increment();
      end(503, reason);
    }
  }

  /** What is done with the body of the request now. */
  Appetite appetite() {
    AnswerHead known = answer;
    if (known != null && known.answer().status() >= FIRST_REFUSAL) {
      return Appetite.DISCARD;
    }
    return dispatch.takes() ? Appetite.TAKE : Appetite.WAIT;
  }

  /** Sends what has come of the body. */
  void body(Pieces pieces, boolean last) {
    dispatch.body(pieces, last);
    if (last && answer == null) {
      patience.set(loop.now(), loop.patience().answer());
    } else if (reply.told()) {
      // The site may be silent while it listens.
      patience.off();
    }
  }

  void flushSite() {
    dispatch.flush();
  }

  void flushClient() {
    reply.flush();
  }

  void siteWritable() {
    client.advance();
  }

  void clientWritable() {
    SiteConnection from = dispatch.site();
    if (from != null) {
      from.advance();
    }
  }

  /** The site has sent something. */
  void siteSpoke() {
    dispatch.hear();
    if (reply.told()) {
      patience.off();
    }
  }

  /** An answer that is not the final one. */
  void interim(AnswerHead said) {
    if (said.answer().status() == CONTINUE) {
      dispatch.proceed();
      proceed.off();
    }
    if (dispatch.whole()) {
      patience.set(loop.now(), loop.patience().answer());
    }
    reply.interim(said);
    client.advance();
  }

  /** The final one. */
  void answered(AnswerHead said) {
    answer = said;
    dispatch.proceed();
    proceed.off();
    patience.off();
    watched.answered(said.answer(), last -> tell(last, said));
    client.advance();
  }

  private void tell(Answer last, AnswerHead said) {
    if (over) {
      return;
    }
    boolean early = !dispatch.whole() && said.answer().status() >= FIRST_REFUSAL;
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

  /**
   * The answer is whole.
   *
   * @param clean whether nothing has come after it, and the site has not ended the connection
   */
  void answerEnded(SiteConnection from, List<Field> trailers, boolean clean) {
    AnswerHead said = answer;
    over = true;
    dispatch.leave();
    reply.end(trailers);
    reply.flush();
    if (clean && dispatch.whole() && said != null && said.keepAlive()) {
      loop.pool().give(from);
    } else {
      from.close();
    }
    client.finished(reply.keep() && dispatch.whole());
  }

  /** The site has ended the connection, or spoken nonsense. */
  void broken(SiteConnection from, String why) {
    dispatch.leave();
    if (over) {
      return;
    }
    if (from.used() && !retried && repeatable()) {
      retried = true;
      loop.tally().retried.increment();
      loop.pool().take(this);
      return;
    }
    fail(502, why);
  }

  /** The client is gone, or is to go: nothing more can be told. */
  void clientGone() {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    dispatch.breakOff();
  }

  /** Answers in the site's place: what the client wants or sends is not taken. */
  void refused(int status, String reason) {
    loop.tally().refused.increment();
    end(status, reason);
  }

  private void fail(int status, String why) {
    loop.tally().siteFailures.increment();
    LOG.info("event=request-failed request={} status={} why=\"{}\"", id, status, why);
    end(status, why);
  }

  /** Answers if nothing has been told; else the client must see that the rest is missing. */
  private void end(int status, String reason) {
    if (over) {
      return;
    }
    over = true;
    watched.lost();
    dispatch.breakOff();
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
    long stall = loop.patience().stall().toNanos();
    SiteConnection to = dispatch.site();
    if (client.link().stalled(now, stall)) {
      clientGone();
      client.breakOff();
    } else if (to != null && to.link().stalled(now, stall) && answer == null) {
      fail(504, "the site takes no more of the request");
    } else if (intending && patience.rings(now)) {
      refused(503, "what is to be changed was not written down in time; nothing was done");
    } else if (patience.rings(now)) {
      boolean told = reply.told();
      fail(504, told ? "the site has stopped in its answer" : "the site gives no answer");
    } else if (proceed.rings(now)) {
      proceed.off();
      dispatch.proceed();
      client.advance();
    } else if (takesAnswer() && !patience.isSet()) {
      patience.set(now, loop.patience().stall());
    } else if (reply.told() && !takesAnswer()) {
      patience.off();
    }
  }
}
