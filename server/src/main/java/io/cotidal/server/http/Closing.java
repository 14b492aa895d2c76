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
  private final Front.Limits limits;

  /**
   * A door.
   *
   * @param limits say when it is shut
   */
  public Closing(Handler inside, Front.Limits limits) {
    super(inside);
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!limits.stopping().getAsBoolean()) {
      return super.handle(request, response, callback);
    }
    SecurityHeaders.put(response.getHeaders(), limits.secure());
    Front.send(farewell(), request, response, callback);
    return true;
  }

  /** The answer to whoever asks a daemon that stops. */
  static Answer.Whole farewell() {
    return Problem.of(Problem.Code.STOPPING, "the daemon is stopping")
        .answer()
        .with(HttpHeader.CONNECTION.asString(), "close");
  }
}
