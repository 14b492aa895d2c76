package io.cotidal.server.compat;

import io.cotidal.model.Token;
import io.cotidal.server.access.BasicLogin;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls: a token as bearer, or as the password of HTTP Basic, whatever the user name,
 * since that is what old clients can send, or a person with a password; else nobody in particular,
 * where that is allowed.
 */
public final class Authenticator {
  private final Credentials credentials;
  private final Optional<Anonymous> anonymous;

  /**
   * An authenticator.
   *
   * @param anonymous what callers without credentials may do; empty if they are refused
   */
  public Authenticator(Credentials credentials, Optional<Anonymous> anonymous) {
    this.credentials = credentials;
    this.anonymous = anonymous;
  }

  /** What callers without credentials may do; empty if they are refused. */
  public Optional<Anonymous> anonymous() {
    return anonymous;
  }

  /**
   * The caller. Credentials that prove nothing are refused, and not made up for by anonymity.
   *
   * @param authorization the header's value; null if it is not there
   */
  public Optional<Caller> of(@Nullable String authorization) {
    if (authorization == null) {
      return anonymous.map(Anonymous::caller);
    }
    return token(authorization).map(token -> new Caller(token, false));
  }

  private Optional<Token> token(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith("bearer ")
        ? credentials.check(header.substring("bearer ".length()).strip())
        : BasicLogin.of(header).flatMap(login -> credentials.check(login, ""));
  }
}
