package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.UserSession;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions with spares, kept so that a spare can be handed out without a login. Thread-safe; a
 * session that was taken belongs to the taker.
 */
final class Sessions implements AutoCloseable {
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /** A session that waits with its spare. */
  sealed interface Kept {
    /** The user's own, with the password that the copy will have. */
    record OfUser(UserSession session) implements Kept {}

    /** The administrator's, where the user's password is not set before there is an owner. */
    record OfAdministrator(Administration session) implements Kept {}

    /** Ends it. */
    default void end() {
      switch (this) {
        case OfUser user -> user.session().close();
        case OfAdministrator administrator -> administrator.session().close();
      }
    }
  }

  void keep(String id, Kept session) {
    Kept before = kept.put(id, session);
    if (before != null) {
      before.end();
    }
  }

  /** The session with that place, if one is kept. It may have died meanwhile. */
  Optional<Kept> take(String id) {
    return Optional.ofNullable(kept.remove(id));
  }

  void drop(String id) {
    take(id).ifPresent(Kept::end);
  }

  @Override
  public void close() {
    kept.keySet().forEach(this::drop);
  }
}
