package io.cotidal.server.http;

import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Failures;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatHandler;
import io.cotidal.server.compat.CompatRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to a handler of an original's protocol. Host and origin are checked as for the API,
 * and matter more here: where callers need no token, every page that somebody on this host visits
 * could call.
 */
public final class CompatFront extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(CompatFront.class);

  private final String protocol;
  private final CompatHandler handler;
  private final Authenticator authenticator;
  private final Limits limits;

  /**
   * What the front holds back by.
   *
   * @param failures counts the refused
   * @param clock tells handlers the time
   * @param front the API's own limits
   */
  public record Limits(Guard guard, Failures failures, InstantSource clock, Front.Limits front) {}

  /**
   * A front for {@code handler}.
   *
   * @param protocol its name in the log
   */
  public CompatFront(
      String protocol, CompatHandler handler, Authenticator authenticator, Limits limits) {
    this.protocol = protocol;
    this.handler = handler;
    this.authenticator = authenticator;
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SecurityHeaders.put(response.getHeaders(), limits.front().secure());
    Front.send(answer(request), request, response, callback);
    return true;
  }

  private Answer.Whole answer(Request request) {
    try {
      return permitted(request);
    } catch (Problem.Refusal refusal) {
      return refuse(request, null, refusal.problem().answer());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Closing.farewell();
    } catch (IOException e) {
      return Problem.of(Problem.Code.BAD_REQUEST, "the body did not arrive whole").answer();
    } catch (RuntimeException e) {
      if (limits.front().stopping().getAsBoolean()) {
        return Closing.farewell();
      }
      log.error(
          "event=compat-request-failed protocol={} method={} path={}",
          protocol,
          request.getMethod(),
          request.getHttpURI().getPath(),
          e);
      return Problem.of(Problem.Code.INTERNAL, "the log says more").answer();
    }
  }

  private Answer.Whole permitted(Request request) throws IOException, InterruptedException {
    Optional<Problem> foreign = limits.guard().check(Front.asked(request).withoutEntrance());
    if (foreign.isPresent()) {
      return refuse(request, null, foreign.get().answer());
    }
    Optional<Caller> known = authenticator.of(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (known.isEmpty()) {
      return refuse(request, null, unauthenticated());
    }
    return answer(request, known.get());
  }

  private Answer.Whole answer(Request request, Caller caller)
      throws IOException, InterruptedException {
    byte[] body = Bodies.whole(request, limits.front().bodyBytes());
    if (body.length > 0 && Bodies.compressed(request)) {
      throw Problem.of(
              Problem.Code.UNSUPPORTED_MEDIA_TYPE, "the body is compressed", "send it as it is")
          .refusal();
    }
    String query = request.getHttpURI().getQuery();
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    CompatRequest asked =
        new CompatRequest(
            request.getMethod(),
            String.valueOf(request.getHttpURI().getPath()),
            query == null ? "" : query,
            type == null ? "" : type,
            new String(body, StandardCharsets.UTF_8),
            caller,
            limits.clock().instant());
    CompatAnswer answer = handler.answer(asked);
    if (asked.changes()) {
      log.info(
          "event=compat-request protocol={} method={} path={} status={} actor={}",
          protocol,
          asked.method(),
          asked.path(),
          answer.status(),
          caller.actor());
    }
    return refuse(request, caller, whole(answer));
  }

  private static Answer.Whole whole(CompatAnswer answer) {
    return new Answer.Whole(
        answer.status(),
        answer.type(),
        answer.body().getBytes(StandardCharsets.UTF_8),
        answer.headers());
  }

  private static Answer.Whole unauthenticated() {
    return Problem.of(
            Problem.Code.UNAUTHENTICATED,
            "the request has no token, or one that is unknown or has expired",
            "send a token as the password of HTTP Basic; 'cot token create' makes one")
        .answer()
        .with("WWW-Authenticate", "Basic realm=\"cotidal\", charset=\"UTF-8\"");
  }

  /** The answer; if it is a refusal, counted against the one who asked. */
  private Answer.Whole refuse(Request request, @Nullable Caller caller, Answer.Whole answer) {
    boolean counts = answer.status() == 401 || answer.status() == 403;
    String who =
        caller == null || caller.actor().name().equals(Anonymous.NAME)
            ? "address " + Request.getRemoteAddr(request)
            : "token " + caller.actor();
    if (!counts || !limits.failures().tooMany(who)) {
      return answer;
    }
    return Problem.of(Problem.Code.TOO_MANY, "too many refused requests", "wait a minute")
        .answer()
        .with("Retry-After", String.valueOf(Failures.WINDOW.toSeconds()));
  }
}
