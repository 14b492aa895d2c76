package io.cotidal.server.api;

import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.access.OneTimeLinks;
import io.cotidal.server.access.Sessions;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets browsers in by a cookie, since they cannot send a bearer token with everything they load.
 */
final class SessionRoutes {
  private final Credentials credentials;
  private final Sessions sessions;
  private final OneTimeLinks links;
  private final Cookie cookie;

  /**
   * The session's cookie.
   *
   * @param name may depend on the port
   * @param secure whether it is sent by https only
   */
  record Cookie(Supplier<String> name, boolean secure) {
    String set(String value, long seconds) {
      return name.get()
          + "="
          + value
          + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
          + seconds
          + (secure ? "; Secure" : "");
    }
  }

  SessionRoutes(Credentials credentials, Sessions sessions, OneTimeLinks links, Cookie cookie) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.links = links;
    this.cookie = cookie;
  }

  List<Route> all() {
    return List.of(
        Route.post("/session", "Sign a browser in with a token")
            .anyone("it is where a secret is proven")
            .takes(new Shape.Of(Views.SignIn.class))
            .gives(Views.Me.class, this::signIn),
        Route.get("/session", "Sign a browser in with a one-time link")
            .anyone("it is where a secret is proven")
            .with(Parameter.query("once", Parameter.Type.TEXT, "The link's code"))
            .gives(new Shape.Nothing(), this::link),
        Route.delete("/session", "Sign a browser out")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .gives(new Shape.Nothing(), this::signOut));
  }

  private Answer signIn(Call call) {
    String secret = Call.needText(call.body("token"), "token");
    Optional<Token> token = credentials.check(secret.strip());
    return token
        .<Answer>map(found -> Answer.ok(Views.Me.of(found)).with("Set-Cookie", opened(found)))
        .orElseGet(
            () -> Problem.of(Code.UNAUTHENTICATED, "the token is unknown or has expired").answer());
  }

  /** Uses the code up, unless the browser only guesses that somebody will want the page. */
  private Answer link(Call call) {
    String purpose = call.header("Sec-Purpose").orElse("") + call.header("Purpose").orElse("");
    if (purpose.contains("prefetch")) {
      return Problem.of(Code.FORBIDDEN, "a one-time link is not fetched in advance").answer();
    }
    Answer.Whole home = Answer.empty(303);
    return call.query("once")
        .flatMap(links::redeem)
        .map(token -> home.with("Location", "/").with("Set-Cookie", opened(token)))
        .orElseGet(() -> home.with("Location", "/?link=spent"));
  }

  private Answer signOut(Call call) {
    call.header("Cookie").ifPresent(this::closeAll);
    return Answer.empty(204).with("Set-Cookie", cookie.set("", 0));
  }

  private void closeAll(String header) {
    String prefix = cookie.name().get() + "=";
    for (String part : header.split(";")) {
      String pair = part.strip();
      if (pair.startsWith(prefix)) {
        sessions.close(pair.substring(prefix.length()));
      }
    }
  }

  private String opened(Token token) {
    return cookie.set(sessions.open(token), sessions.life().toSeconds());
  }
}
