package io.cotidal.server.compat;

import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Token;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls: a token as bearer, or as the password of HTTP Basic, whatever the user name,
 * since that is what old clients can send; else nobody in particular, where that is allowed.
 */
public final class Authenticator {
  private static final int LONGEST = 1024;

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
    Optional<String> secret = secret(authorization);
    return secret
        .flatMap(this::known)
        .or(() -> secret.flatMap(credentials::check).map(token -> new Caller(token, false)));
  }

  /** Each is compared, and in constant time: how long it takes tells nothing. */
  private Optional<Caller> known(String given) {
    Secret secret = new Secret(given);
    Optional<Caller> caller = Optional.empty();
    for (Shared each : shared) {
      boolean fits = each.password().equals(secret);
      caller = fits && caller.isEmpty() ? Optional.of(each.caller()) : caller;
    }
    return caller;
  }

  private static Optional<String> secret(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (lower.startsWith("bearer ")) {
      return Optional.of(header.substring("bearer ".length()).strip());
    }
    if (!lower.startsWith("basic ") || header.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(header.substring("basic ".length()).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      // No base64: it proves nothing.
      return Optional.empty();
    }
  }
}
