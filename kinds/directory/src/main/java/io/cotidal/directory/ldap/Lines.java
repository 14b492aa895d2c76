package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.spec.Server;
import io.cotidal.remote.Deadline;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Kept connections: a login costs a server more than what is asked then. Each is lent to one at a
 * time; one that failed is not kept. Thread-safe.
 */
public final class Lines implements AutoCloseable {
  /** One for looks and one for acts: more are only made while acts run side by side. */
  private static final int KEPT = 2;

  private final Dial dial;
  private final ConcurrentHashMap<Server, ConcurrentLinkedDeque<LDAPConnection>> idle =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Opens nothing yet. */
  public Lines(Dial dial) {
    this.dial = dial;
  }

  /** What is done over a connection. */
  @FunctionalInterface
  public interface Talk<T> {
    /** Does it. */
    T over(Session session) throws LDAPException, InterruptedException;
  }

  /**
   * Talks to a server.
   *
   * @param again whether it may be done twice: the connection may have ended unnoticed
   */
  public <T> T with(Server server, Deadline deadline, boolean again, Talk<T> talk)
      throws LDAPException, InterruptedException {
    LDAPConnection kept = again ? take(server) : null;
    if (kept != null) {
      try {
        return lent(server, new Session(kept, deadline), talk);
      } catch (LDAPException e) {
        if (Trouble.of(e).kind() != Trouble.Kind.REFUSED || deadline.over()) {
          throw e;
        }
      }
    }
    return lent(server, new Session(dial.open(server, deadline), deadline), talk);
  }

  private <T> T lent(Server server, Session session, Talk<T> talk)
      throws LDAPException, InterruptedException {
    boolean well = false;
    try {
      T result = talk.over(session);
      well = true;
      return result;
    } catch (LDAPException e) {
      Trouble.Kind kind = Trouble.of(e).kind();
      well = kind == Trouble.Kind.REJECTED || kind == Trouble.Kind.FILLING;
      throw e;
    } finally {
      if (well) {
        giveBack(server, session.connection());
      } else {
        session.connection().close();
      }
    }
  }

  private @org.jspecify.annotations.Nullable LDAPConnection take(Server server) {
    ConcurrentLinkedDeque<LDAPConnection> waiting = idle.get(server);
    return waiting == null ? null : waiting.pollFirst();
  }

  private void giveBack(Server server, LDAPConnection connection) {
    ConcurrentLinkedDeque<LDAPConnection> waiting =
        idle.computeIfAbsent(server, _ -> new ConcurrentLinkedDeque<>());
    if (closed || waiting.size() >= KEPT) {
      connection.close();
    } else {
      waiting.addFirst(connection);
    }
    if (closed) {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    idle.values()
        .forEach(waiting -> {
          for (LDAPConnection each = waiting.pollFirst();
              each != null;
              each = waiting.pollFirst()) {
            each.close();
          }
        });
  }
}
