package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.RequestHead;
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

  private final Loop loop;
  private final Inbox inbox;
  private final Opening opening;
  private final Farewell farewell;
  private final Turns turns = new Turns();
  private @Nullable Link link;
  private @Nullable Exchange exchange;
  private @Nullable Upload upload;
  private Step step = Step.HEAD;
  private String peer = "";
  private String local = "";
  private boolean inputEnded;

  ClientConnection(Loop loop) {
    this.loop = loop;
    this.inbox = new Inbox(loop.limits().head());
    this.opening = new Opening(loop, inbox);
    this.farewell = new Farewell(loop);
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
    if (step == Step.CLOSED) {
      return;
    }
    if (keep && step == Step.ANSWER && !loop.draining()) {
      upload = null;
      step = Step.HEAD;
      opening.next();
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
    if (step == Step.HEAD && !opening.begun()) {
      linger();
    }
  }

  /** Does what can be done with what has come. */
  void advance() {
    if (!turns.go(this::onward)) {
      return;
    }
    if (exchange != null) {
      exchange.flushSite();
    }
    readMore();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    link = Link.tuned(context.channel(), loop);
    // Who has ended its requests may still wait for an answer.
    var _ = context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    peer = link().peer();
    local = link().local();
    loop.add(this);
    opening.first();
    if (loop.tally().clients.incrementAndGet() > loop.limits().clients()) {
      refuse(new BadMessage(503, "there are too many connections"));
    }
    readMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (step == Step.CLOSED) {
      in.release();
      return;
    }
    loop.tally().received.add(in.readableBytes());
    if (upload != null) {
      upload.came();
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
    switch (step) {
      case HEAD -> {
        if (opening.late(now) && opening.begun()) {
          refuse(new BadMessage(408, "the head of the request did not come in time"));
          advance();
        } else if (opening.late(now)) {
          linger();
        }
      }
      case BODY -> {
        if (upload != null) {
          upload.tick(now);
        }
      }
      case LINGER -> {
        if (farewell.late(link(), now)) {
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
        switch (step) {
          case HEAD, LINGER -> true;
          // One read ahead tells whether the client is still there.
          case ANSWER -> inbox.empty();
          case BODY -> inbox.empty() && (upload == null || upload.mayCome());
          case CLOSED -> false;
        };
    if (wanted && !inputEnded) {
      link().read();
    }
  }

  private boolean onward() {
    return switch (step) {
      case HEAD -> head();
      case BODY -> body();
      case LINGER -> discardAll();
      case ANSWER, CLOSED -> false;
    };
  }

  private boolean head() {
    try {
      RequestHead read = opening.read();
      if (read != null) {
        begin(read);
      } else if (inputEnded) {
        linger();
      }
      return read != null;
    } catch (BadMessage e) {
      refuse(e);
      return true;
    }
  }

  private void begin(RequestHead head) {
    loop.tally().requests.increment();
    Exchange begun = new Exchange(loop, this, head, new Onward(peer, local, loop.next()));
    exchange = begun;
    if (head.framing().empty()) {
      step = Step.ANSWER;
    } else {
      upload = new Upload(loop, begun, head.framing());
      step = Step.BODY;
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
    if (coming.whole() && step == Step.BODY) {
      step = Step.ANSWER;
    }
    return came;
  }

  private boolean discardAll() {
    farewell.drop(inbox.drop());
    if (farewell.over(inputEnded)) {
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
    if (step == Step.LINGER || step == Step.CLOSED) {
      return;
    }
    step = Step.LINGER;
    link().endOutput(this::allSent);
  }

  private void allSent() {
    farewell.sent();
    advance();
  }

  private void close(boolean broken) {
    Exchange asked = exchange;
    boolean open = step != Step.CLOSED;
    step = Step.CLOSED;
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
