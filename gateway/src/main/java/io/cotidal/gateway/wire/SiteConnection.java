package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.Answers;
import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the site: reads the answer to one request after the other, as fast as the
 * exchange takes it. Used by its loop only.
 */
final class SiteConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(SiteConnection.class);
  private static final int MOST_INTERIM = 100;

  private enum Phase {
    IDLE,
    HEAD,
    BODY,
    CLOSED
  }

  private final Loop loop;
  private final SitePool pool;
  private final Inbox inbox;
  private final Turns turns = new Turns();
  private @Nullable Link link;
  private @Nullable BodyReader body;
  private @Nullable Hearer hearer;
  private Phase phase = Phase.IDLE;
  private String method = "";
  private int interim;
  private long idleSince;
  private boolean open;
  private boolean used;
  private boolean ended;
  private boolean cut;

  SiteConnection(Loop loop, SitePool pool) {
    this.loop = loop;
    this.pool = pool;
    this.inbox = new Inbox(loop.limits().head());
  }

  /** It has been made, and the pool counts it. */
  void open() {
    open = true;
  }

  Link link() {
    if (link == null) {
      throw new IllegalStateException("not connected");
    }
    return link;
  }

  /** Whether it has carried a request before the one of now. */
  boolean used() {
    return used;
  }

  long idleSince() {
    return idleSince;
  }

  /** It is kept, and may end at any time. */
  void idle(long now) {
    idleSince = now;
    used = true;
  }

  /** A request goes this way now, whose answer belongs to {@code asker}. */
  void begin(Hearer asker, String method) {
    this.hearer = asker;
    this.method = method;
    this.interim = 0;
    this.phase = Phase.HEAD;
  }

  /** The rest of the answer belongs to somebody else. */
  void handTo(Hearer other) {
    hearer = other;
  }

  /** Closes it, whatever was going on; nobody is told. */
  void close() {
    Link closing = link;
    phase = Phase.CLOSED;
    hearer = null;
    var _ = inbox.drop();
    if (closing != null) {
      closing.close();
    }
    leave();
  }

  /** Hands on what can be handed on. */
  void advance() {
    if (!turns.go(this::step)) {
      return;
    }
    if (hearer != null) {
      hearer.flushClient();
    }
    readMore();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    link = Link.tuned(context.channel(), loop);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    readMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (phase == Phase.IDLE || phase == Phase.CLOSED) {
      // Nobody has asked: whatever it is, it must not become the answer to the next request.
      in.release();
      close();
      return;
    }
    if (hearer != null) {
      hearer.siteSpoke();
    }
    inbox.add(context.alloc(), in);
    advance();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readMore();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (hearer != null) {
      hearer.siteWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    leave();
    if (phase == Phase.IDLE || phase == Phase.CLOSED) {
      close();
    } else {
      advance();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof ChannelOutputShutdownException
        || cause instanceof ClosedChannelException) {
      // It takes no more. It may have answered all the same, and reading tells.
      return;
    }
    if (!(cause instanceof IOException)) {
      LOG.error("event=site-connection-failed", cause);
      fail("an error of the gateway's own");
      return;
    }
    cut = true;
  }

  private void readMore() {
    boolean wanted =
        switch (phase) {
          case IDLE, HEAD -> true;
          case BODY -> hearer != null && hearer.takesAnswer();
          case CLOSED -> false;
        };
    if (wanted && !ended && link != null) {
      link.read();
    }
  }

  private boolean step() {
    Hearer served = hearer;
    if (served == null) {
      return false;
    }
    try {
      return switch (phase) {
        case HEAD -> head(served);
        case BODY -> body(served);
        case IDLE, CLOSED -> false;
      };
    } catch (BadMessage e) {
      fail("the site's answer is not HTTP: " + e.reason());
      return false;
    }
  }

  private boolean head(Hearer served) throws BadMessage {
    byte[] bytes = inbox.head();
    if (bytes == null) {
      if (ended) {
        fail("the site has closed the connection without an answer");
      }
      return false;
    }
    AnswerHead head = Answers.read(bytes, method);
    if (!head.last()) {
      interim++;
      if (interim > MOST_INTERIM) {
        throw new BadMessage("there is no end of interim answers");
      }
      served.interim(head);
      return true;
    }
    body = new BodyReader(head.framing(), loop.limits().head());
    phase = Phase.BODY;
    served.answered(head);
    return true;
  }

  private boolean body(Hearer served) throws BadMessage {
    BodyReader reading = body;
    if (reading == null || !served.takesAnswer()) {
      return false;
    }
    Pieces pieces = reading.done() ? null : inbox.body(reading);
    if (pieces != null) {
      served.answerBody(pieces);
    }
    boolean whole = reading.done() || (ended && !cut && reading.endsWithConnection());
    if (whole && phase == Phase.BODY) {
      boolean clean = inbox.empty() && !ended;
      body = null;
      hearer = null;
      phase = Phase.IDLE;
      served.answerEnded(this, reading.trailers(), clean);
    } else if (ended && inbox.empty()) {
      fail("the site has broken off its answer");
    }
    return false;
  }

  private void fail(String why) {
    Hearer served = hearer;
    close();
    if (served != null) {
      served.broken(this, why);
    }
  }

  private void leave() {
    if (open) {
      open = false;
      pool.ended(this);
    }
  }
}
