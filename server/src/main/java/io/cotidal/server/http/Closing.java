package io.cotidal.server.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The outermost door. Once it is shut, a request that still comes, on a connection that was open
 * already, is told that the daemon stops; what is inside goes on until it has answered.
 */
public final class Closing extends Handler.Wrapper {
  private final boolean secure;
  private volatile boolean shut;

  /**
   * An open door.
   *
   * @param secure whether browsers reach the server by https
   */
  public Closing(Handler inside, boolean secure) {
    super(inside);
    this.secure = secure;
  }

  /** From now on nobody comes in. */
  public void shut() {
    shut = true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!shut) {
      return super.handle(request, response, callback);
    }
    SecurityHeaders.put(response.getHeaders(), secure);
    Answer.Whole answer =
        Problem.of(Problem.Code.STOPPING, "the daemon is stopping")
            .answer()
            .with(HttpHeader.CONNECTION.asString(), "close");
    Front.send(answer, response, callback);
    return true;
  }
}
