package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.RequestHead;
import io.cotidal.gateway.wire.message.Requests;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: reads request after request, the next when the one before has been
 * answered. Used by its loop only.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  private enum Phase {
    /** A head is waited for, or has begun. */
    HEAD,
    /** The body of a request comes. */
    BODY,
    /** The request is whole; its answer is awaited or sent. */
    ANSWER,
    /** The last answer is sent; what comes is dropped until the client goes. */
    LINGER,
    CLOSED
  }

  private final Loop loop;
  private final Inbox inbox;
  private final Turns turns = new Turns();
  private final Alarm alarm = new Alarm();
  private @Nullable Link link;
  private @Nullable Exchange exchange;
  private @Nullable Upload upload;
  private Phase phase = Phase.HEAD;
  private String peer = "";
  private String local = "";
  private long discarded;
  private boolean headBegun;
  private boolean inputEnded;
  private boolean sent;

  ClientConnection(Loop loop) {
    this.loop = loop;
    this.inbox = new Inbox(loop.limits().head());
  }

  Link link() {
    if (link == null) {
      throw new IllegalStateException("not connected");
    }
    return link;
  }

  /** Whether the request of now has been read to its end. */
  boolean heardAll() {
    return upload == null || upload.whole();
  }

  /** The answer has been written. */
  void finished(boolean keep) {
    exchange = null;
    if (phase == Phase.CLOSED) {
      return;
    }
    if (keep && phase == Phase.ANSWER && !loop.draining()) {
      upload = null;
      phase = Phase.HEAD;
      headBegun = false;
      alarm.set(loop.now(), loop.patience().idle());
    } else {
      linger();
    }
    advance();
  }

  /** Ends it so that the client sees that something is missing. */
  void breakOff() {
    close(true);
  }

  /** Takes no further request. */
  void drain() {
    if (phase == Phase.HEAD && !headBegun) {
      linger();
    }
  }

  /** Does what can be done with what has come. */
  void advance() {
    if (!turns.go(this::step)) {
      return;
    }
    if (exchange != null) {
      exchange.flushSite();
    }
    readMore();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    link = Link.tuned(context.channel());
    // Who has ended its requests may still wait for an answer.
    var _ = context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    peer = link().peer();
    local = link().local();
    loop.add(this);
    alarm.set(loop.now(), loop.patience().head());
    if (loop.tally().clients.incrementAndGet() > loop.limits().clients()) {
      refuse(new BadMessage(503, "there are too many connections"));
    }
    readMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (phase == Phase.CLOSED) {
      in.release();
      return;
    }
    loop.tally().received.add(in.readableBytes());
    if (phase == Phase.BODY) {
      alarm.set(loop.now(), loop.patience().stall());
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
    if (exchange != null) {
      exchange.clientWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      advance();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.tally().clients.decrementAndGet();
    loop.remove(this);
    close(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("event=client-connection-failed", cause);
    }
    close(true);
  }

  /** Looks at what has waited too long. */
  void tick(long now) {
    Exchange asked = exchange;
    switch (phase) {
      case HEAD -> {
        if (alarm.rings(now) && headBegun) {
          refuse(new BadMessage(408, "the head of the request did not come in time"));
          advance();
        } else if (alarm.rings(now)) {
          linger();
        }
      }
      case BODY -> {
        if (upload == null || !upload.wanted()) {
          alarm.set(now, loop.patience().stall());
        } else if (asked != null && alarm.rings(now)) {
          asked.refused(408, "the body of the request did not come in time");
        }
      }
      case LINGER -> {
        boolean slow = !sent && link().stalled(now, loop.patience().stall().toNanos());
        if (slow || (sent && alarm.rings(now))) {
          close(true);
        }
      }
      case ANSWER, CLOSED -> {}
    }
    if (exchange != null) {
      exchange.tick(now);
    }
  }

  private void readMore() {
    boolean wanted =
        switch (phase) {
          case HEAD, LINGER -> true;
          // One read ahead tells whether the client is still there.
          case ANSWER -> inbox.empty();
          case BODY -> inbox.empty() && (upload == null || mayDiscard(upload.discarded()));
          case CLOSED -> false;
        };
    if (wanted && !inputEnded) {
      link().read();
    }
  }

  private boolean step() {
    return switch (phase) {
      case HEAD -> head();
      case BODY -> body();
      case LINGER -> discardAll();
      case ANSWER, CLOSED -> false;
    };
  }

  private boolean head() {
    try {
      if (inbox.headBegun() && !headBegun) {
        headBegun = true;
        alarm.set(loop.now(), loop.patience().head());
      }
      byte[] bytes = inbox.head();
      if (bytes != null) {
        begin(Requests.read(bytes));
        return true;
      }
      if (inputEnded) {
        linger();
      }
      return false;
    } catch (BadMessage e) {
      refuse(e);
      return true;
    }
  }

  private void begin(RequestHead head) {
    loop.tally().requests.increment();
    alarm.set(loop.now(), loop.patience().stall());
    Exchange begun = new Exchange(loop, this, head, new Onward(peer, local, loop.next()));
    exchange = begun;
    if (head.framing().empty()) {
      phase = Phase.ANSWER;
    } else {
      upload = new Upload(begun, head.framing(), loop.limits().head());
      phase = Phase.BODY;
    }
    begun.begin();
  }

  private boolean body() {
    Upload coming = upload;
    if (coming == null) {
      return false;
    }
    if (inbox.empty() && inputEnded && !coming.useless()) {
      // The rest will never come: the site must not take what it has for the whole.
      close(false);
      return false;
    }
    boolean came = coming.advance(inbox);
    if (coming.whole() && phase == Phase.BODY) {
      phase = Phase.ANSWER;
    }
    return came;
  }

  private boolean mayDiscard(long bytes) {
    return bytes <= loop.limits().discard();
  }

  private boolean discardAll() {
    discarded += inbox.drop();
    if (sent && (inputEnded || !mayDiscard(discarded))) {
      close(!inputEnded);
    }
    return false;
  }

  private void refuse(BadMessage bad) {
    loop.tally().refused.increment();
    new OwnAnswer(bad.status(), bad.reason(), "", true, false).write(link());
    linger();
  }

  private void linger() {
    if (phase == Phase.LINGER || phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.LINGER;
    link().endOutput(this::allSent);
  }

  private void allSent() {
    sent = true;
    alarm.set(loop.now(), loop.patience().linger());
    advance();
  }

  private void close(boolean broken) {
    Exchange asked = exchange;
    boolean open = phase != Phase.CLOSED;
    phase = Phase.CLOSED;
    exchange = null;
    var _ = inbox.drop();
    if (asked != null) {
      asked.clientGone();
    }
    if (open && broken) {
      link().reset();
    } else if (open) {
      link().close();
    }
  }
}
