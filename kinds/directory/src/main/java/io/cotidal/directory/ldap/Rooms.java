package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.spec.Server;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    Held held = enterWithin(server, room, deadline.left());
    if (held == null) {
      throw new LDAPException(ResultCode.TIMEOUT, "another act is still at it");
    }
    return held;
  }

  /** The same for who can do without; null if somebody else stays for as long as {@code most}. */
  public @Nullable Held enterWithin(Server server, String room, Duration most)
      throws InterruptedException {
    Semaphore held = busy.computeIfAbsent(server.id() + " " + room, _ -> new Semaphore(1));
    return held.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS) ? held::release : null;
  }
}
