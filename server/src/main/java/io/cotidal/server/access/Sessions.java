package io.cotidal.server.access;

import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Browser sessions, in memory: a restart of the daemon ends them. A session of a token ends with
 * the token. Thread-safe.
 */
public final class Sessions {
  private static final int MOST = 1000;

  private final Credentials credentials;
  private final InstantSource clock;
  private final Duration life;
  private final Map<String, Session> sessions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MOST;
        }
      };

  /** Sessions that live for {@code life}. */
  public Sessions(Credentials credentials, InstantSource clock, Duration life) {
    this.credentials = credentials;
    this.clock = clock;
    this.life = life;
  }

  private record Session(Token token, Instant until) {}

  /** How long a session lives. */
  public Duration life() {
    return life;
  }

  /** Begins a session of {@code token}; the answer is the cookie's value, kept nowhere. */
  public String open(Token token) {
    String value = Randoms.text();
    Instant now = clock.instant();
    synchronized (sessions) {
      sessions.values().removeIf(session -> !now.isBefore(session.until()));
      sessions.put(Randoms.hash(value), new Session(token, now.plus(life)));
    }
    return value;
  }

  /** The token for which the session speaks, if the session and the token still live. */
  public Optional<Token> find(String value) {
    Session session;
    synchronized (sessions) {
      session = sessions.get(Randoms.hash(value));
    }
    if (session == null || !clock.instant().isBefore(session.until())) {
      return Optional.empty();
    }
    return session.token().hash().isEmpty()
        ? Optional.of(session.token()).filter(credentials::stillHolds)
        : credentials.byHash(session.token().hash());
  }

  /** Ends a session; nothing happens if there is none. */
  public void close(String value) {
    synchronized (sessions) {
      sessions.remove(Randoms.hash(value));
    }
  }
}
