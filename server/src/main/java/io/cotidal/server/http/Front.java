package io.cotidal.server.http;

import io.cotidal.model.ResourceId;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way through the routes. Whatever is not let through here reaches no handler. */
public final class Front extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(Front.class);

  private final Routes routes;
  private final Guard guard;
  private final Identity identity;
  private final Failures failures;
  private final Limits limits;

  /**
   * What the front holds back by.
   *
   * @param bodyBytes largest body of a request
   * @param secure whether browsers reach the server by https
   * @param stopping whether the daemon stops: what a request needs may be closed already
   */
  public record Limits(int bodyBytes, boolean secure, BooleanSupplier stopping) {}

  /** A front for {@code routes}. */
  public Front(Routes routes, Guard guard, Identity identity, Failures failures, Limits limits) {
    this.routes = routes;
    this.guard = guard;
    this.identity = identity;
    this.failures = failures;
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SecurityHeaders.put(response.getHeaders(), limits.secure());
    switch (answer(request)) {
      case Answer.Whole whole -> send(whole, request, response, callback);
      case Answer.Stream stream -> stream(stream, request, response, callback);
    }
    return true;
  }

  private Answer answer(Request request) {
    try {
      return route(request);
    } catch (Problem.Refusal refusal) {
      return refuse(request, null, refusal.problem());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Closing.farewell();
    } catch (IOException e) {
      return Problem.of(Problem.Code.BAD_REQUEST, "the body did not arrive whole").answer();
    } catch (RuntimeException e) {
      if (limits.stopping().getAsBoolean()) {
        return Closing.farewell();
      }
      log.error(
          "event=request-failed method={} path={}",
          request.getMethod(),
          request.getHttpURI().getPath(),
          e);
      return Problem.of(Problem.Code.INTERNAL, "the log says more").answer();
    }
  }

  private Answer route(Request request) throws IOException, InterruptedException {
    Guard.Asked asked = asked(request);
    Optional<Problem> foreign = guard.check(asked);
    if (foreign.isPresent()) {
      return refuse(request, null, foreign.get());
    }
    String path = path(request);
    List<Routes.Match> matches = routes.matching(path);
    if (matches.isEmpty()) {
      return refuse(
          request, null, Problem.of(Problem.Code.NOT_FOUND, "there is nothing under this path"));
    }
    Optional<Routes.Match> match = Routes.forMethod(matches, request.getMethod());
    if (match.isEmpty()) {
      String allow = Routes.allow(matches);
      return Problem.of(
              Problem.Code.METHOD_NOT_ALLOWED, "this path does not know the method", "use " + allow)
          .answer()
          .with("Allow", allow);
    }
    return permitted(request, asked, match.get());
  }

  private Answer permitted(Request request, Guard.Asked asked, Routes.Match match)
      throws IOException, InterruptedException {
    Route route = match.route();
    Caller caller = null;
    if (route.access() instanceof Access.Needs needs) {
      Optional<Caller> known = identity.of(request);
      if (known.isEmpty()) {
        return refuse(request, null, unauthenticated());
      }
      caller = known.get();
      Optional<Problem> refused = refusal(needs, caller, match);
      if (refused.isEmpty() && caller.byCookie() && route.changes()) {
        boolean ownHeader = request.getHeaders().contains(Guard.OWN_HEADER);
        refused = guard.checkChange(asked, Bodies.isJson(request), ownHeader);
      }
      if (refused.isPresent()) {
        return refuse(request, caller, refused.get());
      }
    }
    return call(request, match, caller);
  }

  private Answer call(Request request, Routes.Match match, @Nullable Caller caller)
      throws IOException, InterruptedException {
    Route route = match.route();
    Map<String, String> query = Queries.read(request.getHttpURI().getQuery(), route);
    Call.Body body = Bodies.of(request, route, limits.bodyBytes());
    Call call = new Call(match.variables(), query, request.getHeaders()::get, caller, body);
    Answer answer = route.handler().answer(call);
    if (route.changes() && answer instanceof Answer.Whole whole) {
      log.info(
          "event=request method={} path={} status={} actor={}",
          route.method(),
          request.getHttpURI().getPath(),
          whole.status(),
          caller == null ? "-" : caller.actor());
      if (whole.status() == Problem.Code.UNAUTHENTICATED.status()) {
        return refuse(request, null, unauthenticated());
      }
    }
    return answer;
  }

  private static Optional<Problem> refusal(Access.Needs needs, Caller caller, Routes.Match match) {
    if (!caller.allows(needs.permission())) {
      return Optional.of(
          Problem.of(
              Problem.Code.FORBIDDEN,
              "this needs the role " + needs.permission().name().toLowerCase(java.util.Locale.ROOT),
              "ask an administrator for another token"));
    }
    boolean inScope =
        switch (needs.reach()) {
          case FILTERED -> true;
          case FLEET -> caller.coversAll();
          case RESOURCE -> covers(caller, match);
        };
    return inScope
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                Problem.Code.FORBIDDEN,
                "the token's scope " + caller.token().scope() + " does not include this",
                "ask an administrator for another token"));
  }

  private static boolean covers(Caller caller, Routes.Match match) {
    String kind = match.variables().getOrDefault("kind", Kinds.of(match.route().template()));
    try {
      return caller.covers(new ResourceId(kind, match.variables().getOrDefault("name", "")));
    } catch (IllegalArgumentException e) {
      throw Problem.of(Problem.Code.NOT_FOUND, String.valueOf(e.getMessage())).refusal();
    }
  }

  private static Problem unauthenticated() {
    return Problem.of(
        Problem.Code.UNAUTHENTICATED,
        "the request has no token, or one that is unknown or has expired",
        "send Authorization: Bearer cot_…; 'cot token create' makes one");
  }

  /** A refusal, counted against the one who asked. */
  private Answer refuse(Request request, @Nullable Caller caller, Problem problem) {
    int status = problem.code().status();
    boolean counts = status == 401 || status == 403;
    String who =
        caller == null ? "address " + Request.getRemoteAddr(request) : "token " + caller.actor();
    if (counts && failures.tooMany(who)) {
      return Problem.of(Problem.Code.TOO_MANY, "too many refused requests", "wait a minute")
          .answer()
          .with("Retry-After", String.valueOf(Failures.WINDOW.toSeconds()));
    }
    return status == 401 ? problem.answer().with("WWW-Authenticate", "Bearer") : problem.answer();
  }

  static Guard.Asked asked(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    String target = request.getHttpURI().getAuthority();
    // An absolute request target that names another host than the header is nobody's honest
    // request.
    boolean two =
        host != null
            && target != null
            && !Guard.withoutPort(host).equalsIgnoreCase(Guard.withoutPort(target));
    String authority = two ? null : host;
    String path = String.valueOf(request.getHttpURI().getPath());
    boolean entrance =
        (path.equals("/") || path.equals("/session"))
            && request.getMethod().equals("GET")
            && "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
            && "document".equals(request.getHeaders().get("Sec-Fetch-Dest"));
    return new Guard.Asked(
        authority,
        request.getHeaders().get(HttpHeader.ORIGIN),
        request.getHeaders().get("Sec-Fetch-Site"),
        entrance);
  }

  private static String path(Request request) {
    String path = request.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  static void send(Answer.Whole whole, Request request, Response response, Callback callback) {
    response.setStatus(whole.status());
    if (!request.consumeAvailable()) {
      // Nobody reads the rest of the body, so the connection ends. A client that is not told sends
      // its next request into it, and that one is lost.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    if (!whole.type().isEmpty()) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, whole.type());
    }
    whole.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (whole.status() != 304 && whole.status() != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, whole.body().length);
    }
    response.write(true, ByteBuffer.wrap(whole.body()), callback);
  }

  private static void stream(
      Answer.Stream stream, Request request, Response response, Callback callback) {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, stream.type());
    response.getHeaders().put("X-Accel-Buffering", "no");
    if (request.getMethod().equals("HEAD")) {
      response.write(true, ByteBuffer.allocate(0), callback);
      return;
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      stream.writer().write(out);
      callback.succeeded();
    } catch (IOException e) {
      // The caller is gone; whoever reconnects says where to go on.
      callback.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (RuntimeException e) {
      log.error("event=stream-failed", e);
      callback.failed(e);
    }
  }
}
