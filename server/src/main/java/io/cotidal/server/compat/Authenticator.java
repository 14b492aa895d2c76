package io.cotidal.server.compat;

import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Token;
import io.cotidal.server.access.BasicLogin;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls: a token as bearer, or as the password of HTTP Basic, whatever the user name,
 * since that is what old clients can send, or a person with a password; else nobody in particular,
 * where that is allowed.
 */
public final class Authenticator {
  private static final String BEARER = "bearer ";

  private final Credentials credentials;
  private final Optional<Anonymous> anonymous;
  private final List<Shared> shared;

  /**
   * A password that several people know, as an original had it; taken by HTTP Basic, whatever the
   * user name.
   *
   * @param name under which the audit knows whoever comes with it
   * @param role never an administrator's
   * @param scope on which resources: {@code *}, {@code kind/*} or {@code kind/name}
   */
  public record Shared(String name, Secret password, Permission role, String scope) {
    /** Refuses the administrator's role. */
    public Shared {
      if (role == Permission.ADMIN) {
        throw new IllegalArgumentException("what several people know hands out no tokens");
      }
    }

    private Caller caller() {
      return new Caller(new Token(name, "", role, scope, 0, Long.MAX_VALUE, 0), false);
    }
  }

  /**
   * An authenticator.
   *
   * @param anonymous what callers without credentials may do; empty if they are refused
   */
  public Authenticator(Credentials credentials, Optional<Anonymous> anonymous) {
    this(credentials, anonymous, List.of());
  }

  /**
   * The same with passwords that several people know.
   *
   * @param shared the first one that fits counts
   */
  public Authenticator(
      Credentials credentials, Optional<Anonymous> anonymous, List<Shared> shared) {
    this.credentials = credentials;
    this.anonymous = anonymous;
    this.shared = List.copyOf(shared);
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
    if (authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return credentials
          .check(authorization.substring(BEARER.length()).strip())
          .map(Authenticator::caller);
    }
    Optional<BasicLogin> login = BasicLogin.of(authorization);
    return login
        .flatMap(each -> known(each.password()))
        .or(() -> login.flatMap(each -> credentials.check(each, "")).map(Authenticator::caller));
  }

  private static Caller caller(Token token) {
    return new Caller(token, false);
  }

  /** Each is compared, and in constant time: how long it takes tells nothing. */
  private Optional<Caller> known(Secret secret) {
    Optional<Caller> caller = Optional.empty();
    for (Shared each : shared) {
      boolean fits = each.password().equals(secret);
      caller = fits && caller.isEmpty() ? Optional.of(each.caller()) : caller;
    }
    return caller;
  }
}
