package io.cotidal.gateway.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop to the site. The one that was used last is used next, so that
 * those that are too many grow old and are closed. Who finds none waits in a queue.
 */
final class SitePool {
  private static final Logger LOG = LoggerFactory.getLogger(SitePool.class);
  private static final long RECENT = Duration.ofSeconds(1).toNanos();

  private final Loop loop;
  private final Upstream upstream;
  private final int most;
  private final int mostWaiting;
  private final Deque<SiteConnection> idle = new ArrayDeque<>();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int open;
  private boolean unreachable;
  private long spoken;
  private boolean hangs;

  private record Waiting(Asker asker, Alarm alarm) {}

  SitePool(Loop loop, Upstream upstream) {
    this.loop = loop;
    this.upstream = upstream;
    int loops = loop.house().loops();
    this.spoken = loop.now();
    this.most = Math.max(1, loop.limits().site() / loops);
    this.mostWaiting = Math.max(1, loop.limits().waiting() / loops);
  }

  /** The site. */
  Upstream upstream() {
    return upstream;
  }

  /** The site has answered somebody. */
  void spoke() {
    spoken = loop.now();
    if (hangs) {
      hangs = false;
      LOG.info("event=site-answers site={}", upstream);
    }
  }

  /**
   * The site has not answered somebody in time.
   *
   * @param since when it was asked
   */
  void silent(long since) {
    if (!hangs && spoken - since <= 0) {
      hangs = true;
      LOG.warn("event=site-hangs site={} why=\"it takes requests and answers nobody\"", upstream);
    }
  }

  /** Whether it takes requests and answers nobody. */
  boolean hangs() {
    return hangs;
  }

  /** Gives one, now or later, or says that there is none. */
  void take(Asker asker) {
    if (queue.isEmpty()) {
      SiteConnection kept = kept(asker.need());
      if (kept != null) {
        asker.connected(kept);
        return;
      }
      if (open >= most && !idle.isEmpty()) {
        idle.getLast().close();
      }
      if (open < most) {
        dial(asker);
        return;
      }
    }
    if (queue.size() >= mostWaiting) {
      asker.unconnected(true, "too many requests wait for the site");
      return;
    }
    Alarm alarm = new Alarm();
    alarm.set(loop.now(), loop.patience().queue());
    queue.add(new Waiting(asker, alarm));
  }

  private @Nullable SiteConnection kept(Asker.Need need) {
    SiteConnection last = idle.peekFirst();
    if (last == null || need == Asker.Need.NEW) {
      return null;
    }
    if (need == Asker.Need.RECENT && loop.now() - last.idleSince() > RECENT) {
      return null;
    }
    return idle.pollFirst();
  }

  /** Takes one back that can be used again. */
  void give(SiteConnection site) {
    site.idle(loop.now());
    Asker next = next();
    if (next == null) {
      idle.addFirst(site);
    } else {
      next.connected(site);
    }
  }

  /** One has ended, idle or not. */
  void ended(SiteConnection site) {
    idle.remove(site);
    closed();
    serve();
  }

  private void closed() {
    open--;
    loop.tally().site.decrementAndGet();
  }

  private void serve() {
    if (open < most) {
      Asker next = next();
      if (next != null) {
        dial(next);
      }
    }
  }

  private @Nullable Asker next() {
    for (Waiting first = queue.poll(); first != null; first = queue.poll()) {
      if (first.asker().wants()) {
        return first.asker();
      }
    }
    return null;
  }

  private void dial(Asker asker) {
    open++;
    loop.tally().site.incrementAndGet();
    SiteConnection site = new SiteConnection(loop, this);
    ChannelFuture dialled =
        new Bootstrap()
            .group(loop.events())
            .channelFactory(loop.house().transport().sockets())
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) loop.patience().connect().toMillis())
            // A site that has answered may take no more of the body: its answer is still read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .handler(handlers(site))
            .remoteAddress(upstream.address())
            .connect();
    var _ =
        dialled.addListener((ChannelFutureListener) future -> dialled(asker, site, future.cause()));
  }

  private ChannelHandler handlers(SiteConnection site) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        upstream.secure(channel.pipeline());
        channel.pipeline().addLast(site);
      }
    };
  }

  private void dialled(Asker asker, SiteConnection site, @Nullable Throwable failure) {
    if (failure != null) {
      closed();
      if (!unreachable) {
        unreachable = true;
        LOG.warn("event=site-unreachable site={} why=\"{}\"", upstream, failure.getMessage());
      }
      if (asker.wants()) {
        asker.unconnected(false, "the site cannot be reached");
      }
      serve();
      return;
    }
    if (unreachable) {
      unreachable = false;
      LOG.info("event=site-reachable site={}", upstream);
    }
    site.open();
    if (asker.wants()) {
      asker.connected(site);
    } else {
      give(site);
    }
  }

  /** Closes those that were kept long enough, and tells those that have waited long enough. */
  void tick(long now) {
    long kept = loop.patience().kept().toNanos();
    while (!idle.isEmpty() && now - idle.getLast().idleSince() > kept) {
      idle.getLast().close();
    }
    Iterator<Waiting> waiting = queue.iterator();
    List<Asker> late = new ArrayList<>();
    while (waiting.hasNext()) {
      Waiting each = waiting.next();
      if (!each.asker().wants()) {
        waiting.remove();
      } else if (each.alarm().rings(now)) {
        waiting.remove();
        late.add(each.asker());
      }
    }
    late.forEach(asker -> asker.unconnected(true, "no connection to the site became free in time"));
  }

  /** Closes those that nobody uses. */
  void end() {
    while (!idle.isEmpty()) {
      idle.getLast().close();
    }
  }
}
