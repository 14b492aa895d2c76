package io.cotidal.server.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives the HTTP engine's own refusals (a bad request line, a header too large) the form of ours.
 */
public final class EngineErrors implements Request.Handler {
  private final boolean secure;

  /** For a server that browsers reach by https, or not. */
  public EngineErrors(boolean secure) {
    this.secure = secure;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Problem problem = problem(response.getStatus());
    Answer.Whole answer = problem.answer();
    SecurityHeaders.put(response.getHeaders(), secure);
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }

  private static Problem problem(int status) {
    return switch (status) {
      case 404 -> Problem.of(Problem.Code.NOT_FOUND, "there is nothing under this path");
      case 405 -> Problem.of(Problem.Code.METHOD_NOT_ALLOWED, "the method is not known");
      case 408 -> Problem.of(Problem.Code.TIMEOUT, "the request did not arrive in time");
      case 413 -> Problem.of(Problem.Code.TOO_LARGE, "the body exceeds the limit");
      case 414, 431 -> Problem.of(Problem.Code.HEADER_TOO_LARGE, "the header exceeds the limit");
      case 503 -> Problem.of(Problem.Code.STOPPING, "the daemon is stopping");
      default ->
          status >= 500
              ? Problem.of(Problem.Code.INTERNAL, "the log says more")
              : Problem.of(Problem.Code.BAD_REQUEST, "the request is not well-formed HTTP/1.1");
    };
  }
}
