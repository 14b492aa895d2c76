package io.cotidal.server.http;

import io.cotidal.model.Token;
import io.cotidal.server.access.BasicLogin;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.access.Sessions;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Finds out who calls: by bearer token, by name and password, else by session cookie. A token never
 * comes in a URL.
 */
public final class Identity {
  private final Credentials credentials;
  private final Sessions sessions;
  private final Supplier<String> cookieName;

  /**
   * Recognises callers.
   *
   * @param cookieName holds the port, since cookies do not tell one port of a host from another
   */
  public Identity(Credentials credentials, Sessions sessions, Supplier<String> cookieName) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.cookieName = cookieName;
  }

  /**
   * The caller, if the request proves one. A header that proves nothing is not made up for by a
   * cookie.
   */
  public Optional<Caller> of(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header != null) {
      boolean bearer = header.toLowerCase(Locale.ROOT).startsWith("bearer ");
      Optional<Token> token =
          bearer
              ? credentials.check(header.substring(7).strip())
              : BasicLogin.of(header)
                  .flatMap(login -> credentials.check(login, Request.getRemoteAddr(request)));
      return token.map(proven -> new Caller(proven, false));
    }
    String name = cookieName.get();
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst()
        .flatMap(sessions::find)
        .map(token -> new Caller(token, true));
  }
}
