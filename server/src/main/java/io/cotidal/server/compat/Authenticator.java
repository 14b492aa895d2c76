package io.cotidal.server.compat;

import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
    return secret(authorization).flatMap(credentials::check).map(token -> new Caller(token, false));
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
