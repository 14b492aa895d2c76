package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Administrators' sessions with spares, kept so that a spare can be handed out without a login.
 * Thread-safe; a session that was taken belongs to the taker.
 */
final class Sessions implements AutoCloseable {
  private final Map<String, Administration> kept = new ConcurrentHashMap<>();

  void keep(String id, Administration session) {
    Administration before = kept.put(id, session);
    if (before != null) {
      before.close();
    }
  }

  /** The session with that place, if one is kept that may still be of use. */
  Optional<Administration> take(String id) {
    return Optional.ofNullable(kept.remove(id)).filter(session -> !session.broken());
  }

  void drop(String id) {
    Administration session = kept.remove(id);
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void close() {
    kept.keySet().forEach(this::drop);
  }
}
