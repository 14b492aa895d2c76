package io.cotidal.server.access;

import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Codes that let one browser in once, within a short time. In memory, bounded. Thread-safe. */
public final class OneTimeLinks {
  private static final int MOST = 64;

  private final InstantSource clock;
  private final Map<String, Link> links =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Link> eldest) {
          return size() > MOST;
        }
      };
  private int made;

  /** Codes by the time of {@code clock}. */
  public OneTimeLinks(InstantSource clock) {
    this.clock = clock;
  }

  private record Link(String name, Permission permission, Instant until) {}

  /** A new code, good for one {@link #redeem} within {@code life}, for the whole fleet. */
  public String create(Permission permission, Duration life) {
    String code = Randoms.text();
    synchronized (links) {
      made++;
      Link link = new Link("one-time-link-" + made, permission, clock.instant().plus(life));
      links.put(Randoms.hash(code), link);
    }
    return code;
  }

  /**
   * Uses up {@code code}: what the session that follows may do, under a token that is in no store.
   */
  public Optional<Token> redeem(String code) {
    Instant now = clock.instant();
    Link link;
    synchronized (links) {
      link = links.remove(Randoms.hash(code));
    }
    if (link == null || !now.isBefore(link.until())) {
      return Optional.empty();
    }
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    return Optional.of(
        new Token(link.name(), "", link.permission(), "*", micros, Long.MAX_VALUE, micros));
  }
}
