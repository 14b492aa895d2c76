package io.cotidal.remote.ssh;

import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/**
 * The kept session with one account of one machine. It is opened at its first use, and anew when it
 * has broken. Thread-safe; several channels may be open at once.
 */
public final class SshLink implements AutoCloseable {
  private final SshHosts hosts;
  private final SshAccess access;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SshAttempt attempt;
  private boolean closed;

  SshLink(SshHosts hosts, SshAccess access) {
    this.hosts = hosts;
    this.access = access;
  }

  /** Whom it leads to. */
  public SshAccess access() {
    return access;
  }

  /** Whether the session is open now; if it is not, begins to open it and does not wait. */
  public boolean ready() throws SshFailure {
    return attempt().ready().isPresent();
  }

  /**
   * Has the other side run {@code command}: where a forced command is set, that one, which finds
   * these words in its environment.
   *
   * @throws SshFailure if it does not run by the deadline
   */
  public SshChannel open(String command, Deadline deadline)
      throws SshFailure, InterruptedException {
    ClientSession session = attempt().await(deadline);
    return SshChannel.open(session, access.toString(), command, deadline);
  }

  /**
   * The same for a program with which bytes are exchanged.
   *
   * @throws SshFailure if it does not run by the deadline
   */
  public Conduit conduit(String command, Deadline deadline)
      throws SshFailure, InterruptedException {
    ClientSession session = attempt().await(deadline);
    return SshConduit.open(session, access.toString(), command, deadline);
  }

  private SshAttempt attempt() throws SshFailure {
    lock.lock();
    try {
      if (closed) {
        throw SshFailure.cannotTell(access + ": the link is closed");
      }
      SshAttempt known = attempt;
      if (known == null || known.over()) {
        Optional.ofNullable(known).ifPresent(SshAttempt::end);
        known = SshAttempt.begin(hosts.client(), access);
        attempt = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        if (attempt != null) {
          attempt.end();
        }
        hosts.closed();
      }
    } finally {
      lock.unlock();
    }
  }
}
