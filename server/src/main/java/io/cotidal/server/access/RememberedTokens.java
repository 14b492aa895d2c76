package io.cotidal.server.access;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens whose store cannot be asked for a while: who was let in lately goes on watching just then.
 * Nothing can be changed meanwhile, for that needs the store. A token that is removed through here
 * is forgotten; one that another daemon removes is at the next question that the store answers.
 * Thread-safe.
 */
public final class RememberedTokens implements TokenStore {
  private static final Duration LIFE = Duration.ofMinutes(10);

  /** A store that hangs holds up one request in so long a time, not each. */
  private static final Duration SPARED = Duration.ofSeconds(5);

  /** More than people have; the rest is asked for. */
  private static final int MOST = 1_000;

  private record Known(Token token, Instant seen) {}

  private final TokenStore store;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private volatile Instant sparedUntil = Instant.MIN;

  /** Those of {@code store}. */
  public RememberedTokens(TokenStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public Optional<Token> find(String hash) {
    Instant now = clock.instant();
    Optional<Token> remembered =
        Optional.ofNullable(known.get(hash))
            .filter(each -> now.isBefore(each.seen().plus(LIFE)))
            .map(Known::token);
    if (remembered.isPresent() && now.isBefore(sparedUntil)) {
      return remembered;
    }
    try {
      Optional<Token> found = store.find(hash);
      sparedUntil = Instant.MIN;
      remember(hash, found, now);
      return found;
    } catch (RuntimeException e) {
      sparedUntil = clock.instant().plus(SPARED);
      if (remembered.isPresent()) {
        return remembered;
      }
      throw e;
    }
  }

  private void remember(String hash, Optional<Token> found, Instant now) {
    if (found.isEmpty()) {
      known.remove(hash);
    } else if (known.size() < MOST || known.containsKey(hash)) {
      known.put(hash, new Known(found.get(), now));
    }
  }

  @Override
  public boolean add(Token token) {
    return store.add(token);
  }

  @Override
  public List<Token> list() {
    return store.list();
  }

  @Override
  public boolean remove(String id) {
    boolean removed = store.remove(id);
    known.values().removeIf(each -> each.token().id().equals(id));
    return removed;
  }

  @Override
  public void used(String id, long micros) {
    store.used(id, micros);
  }
}
