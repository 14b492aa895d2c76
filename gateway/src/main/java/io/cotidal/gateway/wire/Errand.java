package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.RequestHead;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request to one site, and of that site's answer back to the exchange. Both bodies may
 * move at the same time. Used by its loop only.
 */
final class Errand implements Asker, Hearer {
  private static final int CONTINUE = 100;
  private static final int FIRST_REFUSAL = 300;

  private final Loop loop;
  private final SitePool pool;
  private final Exchange exchange;
  private final Dispatch dispatch;

  /** Until the site says something about the body. */
  private final Alarm proceed = new Alarm();

  /** Until the site says something at all. */
  private final Alarm patience = new Alarm();

  private Head head;
  private @Nullable AnswerHead answer;
  private Duration most;
  private long sent;
  private boolean twice = true;
  private boolean retried;
  private boolean gone;

  /** Why there is no whole answer of the site. */
  enum Failure {
    /** Too many requests are on their way: nobody has asked the site. */
    FULL,
    /** It cannot be reached, which the pool has said already, once and not for each. */
    UNREACHABLE,
    /** It has broken off, said nothing in time, or no HTTP. */
    BROKEN
  }

  /**
   * What the client is told then.
   *
   * @param why a line
   */
  record Failed(int status, String why) {}

  Errand(Loop loop, SitePool pool, Exchange exchange, RequestHead request, Onward onward) {
    this.loop = loop;
    this.pool = pool;
    this.exchange = exchange;
    this.dispatch = new Dispatch(request, onward);
    this.head = request.head();
    this.most = loop.patience().answer();
  }

  /** One that waits so long for the site's answer. */
  Errand patient(Duration length) {
    most = length;
    return this;
  }

  /**
   * Sets out.
   *
   * @param seen what the site may see
   * @param twice whether a request that has met a connection's end may be sent again
   */
  void go(Head seen, boolean twice) {
    this.head = seen;
    this.twice = twice;
    pool.take(this);
  }

  @Override
  public Need need() {
    if (retried) {
      return Need.NEW;
    }
    return repeatable() ? Need.ANY : Need.RECENT;
  }

  private boolean repeatable() {
    return twice && dispatch.repeatable();
  }

  @Override
  public boolean wants() {
    return !gone && !exchange.over() && dispatch.site() == null;
  }

  @Override
  public void connected(SiteConnection connection) {
    sent = loop.now();
    dispatch.begin(connection, head, this);
    if (dispatch.whole()) {
      patience.set(loop.now(), most);
    } else if (dispatch.waits()) {
      proceed.set(loop.now(), loop.patience().proceed());
    }
    exchange.advance();
  }

  @Override
  public void unconnected(boolean full, String reason) {
    exchange.failed(this, full ? Failure.FULL : Failure.UNREACHABLE, new Failed(503, reason));
  }

  /** Whether the site has the whole request. */
  boolean whole() {
    return dispatch.whole();
  }

  /** Whether more of the request's body may be sent now. */
  boolean takes() {
    return dispatch.takes();
  }

  /** Whether the site has refused, and wants no body any more. */
  boolean refused() {
    AnswerHead known = answer;
    return known != null && known.answer().status() >= FIRST_REFUSAL;
  }

  /** Sends what has come of the body. */
  void body(Pieces pieces, boolean last) {
    dispatch.body(pieces, last);
    if (last && answer == null) {
      patience.set(loop.now(), most);
    } else if (exchange.told()) {
      // The site may be silent while it listens.
      patience.off();
    }
  }

  /** What was written for the site may go. */
  void flush() {
    dispatch.flush();
  }

  /** The answer's body may go on. */
  void advance() {
    SiteConnection from = dispatch.site();
    if (from != null) {
      from.advance();
    }
  }

  @Override
  public void siteSpoke() {
    dispatch.hear();
    if (exchange.told()) {
      patience.off();
    }
  }

  @Override
  public void siteWritable() {
    exchange.advance();
  }

  @Override
  public void interim(AnswerHead said) {
    if (said.answer().status() == CONTINUE) {
      mayProceed();
    }
    if (dispatch.whole()) {
      patience.set(loop.now(), most);
    }
    exchange.interim(said);
  }

  private void mayProceed() {
    dispatch.proceed();
    proceed.off();
  }

  @Override
  public void answered(AnswerHead said) {
    answer = said;
    pool.spoke();
    mayProceed();
    patience.off();
    exchange.answered(this, said);
  }

  @Override
  public boolean takesAnswer() {
    return !gone && exchange.takesAnswer(this);
  }

  @Override
  public void answerBody(Pieces pieces) {
    exchange.answerBody(pieces);
  }

  @Override
  public void flushClient() {
    exchange.flushClient();
  }

  @Override
  public void answerEnded(SiteConnection from, List<Field> trailers, boolean clean) {
    AnswerHead said = answer;
    dispatch.leave();
    exchange.answerEnded(trailers);
    if (clean && dispatch.whole() && said != null && said.keepAlive()) {
      pool.give(from);
    } else {
      from.close();
    }
    exchange.ended(dispatch.whole());
  }

  @Override
  public void broken(SiteConnection from, String why) {
    dispatch.leave();
    if (exchange.over()) {
      return;
    }
    if (from.used() && !retried && repeatable()) {
      retried = true;
      loop.tally().retried.increment();
      pool.take(this);
      return;
    }
    exchange.failed(this, Failure.BROKEN, new Failed(502, why));
  }

  /** Closes its connection: the site must not take what it has for the whole. */
  void breakOff() {
    gone = true;
    dispatch.breakOff();
  }

  /** What it brings is not wanted. Its connection may serve others, if all of it has come. */
  void forget() {
    SiteConnection from = dispatch.site();
    AnswerHead said = answer;
    if (from == null || said == null) {
      breakOff();
      return;
    }
    gone = true;
    dispatch.leave();
    Leftover.drop(loop, pool, from, said);
  }

  private void broke(String why) {
    exchange.failed(this, Failure.BROKEN, new Failed(504, why));
  }

  /** Looks at what has waited too long. */
  void tick(long now) {
    if (gone) {
      return;
    }
    long stall = loop.patience().stall().toNanos();
    SiteConnection to = dispatch.site();
    if (to != null && to.link().stalled(now, stall) && answer == null) {
      broke("the site takes no more of the request");
    } else if (patience.rings(now)) {
      boolean told = exchange.told();
      if (!told) {
        pool.silent(sent);
      }
      broke(told ? "the site has stopped in its answer" : "the site gives no answer");
    } else if (proceed.rings(now)) {
      mayProceed();
      exchange.advance();
    } else if (takesAnswer() && !patience.isSet()) {
      patience.set(now, loop.patience().stall());
    } else if (exchange.told() && !takesAnswer()) {
      patience.off();
    }
  }
}
