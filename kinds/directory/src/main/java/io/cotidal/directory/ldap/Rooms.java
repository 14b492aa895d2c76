package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.spec.Server;
import io.cotidal.remote.Deadline;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Of which parts of servers an act of this process is at one. Thread-safe. */
public final class Rooms {
  private final ConcurrentHashMap<String, Semaphore> busy = new ConcurrentHashMap<>();

  /** Held until it is closed. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits until nobody else is there.
   *
   * @param room empty for none
   */
  public Held enter(Server server, String room, Deadline deadline)
      throws LDAPException, InterruptedException {
    if (room.isEmpty()) {
      return () -> {};
    }
    Semaphore held = busy.computeIfAbsent(server.id() + " " + room, _ -> new Semaphore(1));
    if (!held.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new LDAPException(ResultCode.TIMEOUT, "another act is still at it");
    }
    return held::release;
  }
}
