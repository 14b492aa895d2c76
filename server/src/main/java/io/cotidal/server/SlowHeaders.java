package io.cotidal.server;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that send a request's header drop by drop. An idle time-out does not catch
 * them: each byte begins it anew.
 */
final class SlowHeaders extends AbstractLifeCycle implements Connection.Listener {
  private final Duration most;
  private final Map<Connection, Seen> open = new ConcurrentHashMap<>();
  private final Set<Connection> working = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("http-slow").daemon().unstarted(task));

  private @Nullable ScheduledFuture<?> looking;

  /** How far a connection was when it was last seen to begin waiting for a request. */
  private record Seen(long messages, long bytes, long since) {}

  SlowHeaders(Duration most) {
    this.most = most;
  }

  @Override
  protected void doStart() {
    long period = most.toMillis() / 4;
    looking = clock.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() {
    if (looking != null) {
      looking.cancel(true);
    }
    clock.shutdownNow();
  }

  @Override
  public void onOpened(Connection connection) {
    open.put(connection, seen(connection));
  }

  @Override
  public void onClosed(Connection connection) {
    open.remove(connection);
  }

  /**
   * The handler, with every request known for as long as it is worked on. A body may come for
   * hours, and an interim answer ("100 Continue") counts among the answers like the one that ends
   * the request.
   */
  Handler watched(Handler handler) {
    return new Handler.Wrapper(handler) {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        working.add(connection);
        try {
          return super.handle(request, response, callback);
        } finally {
          working.remove(connection);
        }
      }
    };
  }

  private static Seen seen(Connection connection) {
    return new Seen(connection.getMessagesIn(), connection.getBytesIn(), System.nanoTime());
  }

  private void look() {
    open.replaceAll((connection, before) -> {
      // Requests counted in and not answered yet are being worked on: streams live for long.
      boolean busy =
          working.contains(connection) || connection.getMessagesIn() > connection.getMessagesOut();
      boolean quiet = connection.getBytesIn() == before.bytes();
      boolean moved = connection.getMessagesIn() != before.messages();
      if (busy || quiet || moved) {
        return seen(connection);
      }
      if (System.nanoTime() - before.since() > most.toNanos()) {
        connection.getEndPoint().close();
      }
      return before;
    });
  }
}
