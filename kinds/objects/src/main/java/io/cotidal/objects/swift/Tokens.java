package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.CallFailed;
import io.cotidal.remote.http.kept.Connections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The token of one identity: got once, and anew when the site takes it no more. Thread-safe. */
final class Tokens {
  private final Login login;
  private final Connections connections;
  private final Troubles troubles;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Secret known;

  Tokens(Login login, Connections connections, Troubles troubles) {
    this.login = login;
    this.connections = connections;
    this.troubles = troubles;
  }

  /** The token that is known, or else a new one. */
  Secret token(Deadline deadline) throws SwiftTrouble {
    Secret now = known;
    return now != null ? now : anew(null, deadline);
  }

  /** Another one than {@code stale}; who comes second takes what the first one got. */
  Secret anew(@Nullable Secret stale, Deadline deadline) throws SwiftTrouble {
    enter(deadline);
    try {
      Secret now = known;
      if (now != null && (stale == null || !now.equals(stale))) {
        return now;
      }
      Secret got = ask(deadline);
      known = got;
      return got;
    } finally {
      asking.unlock();
    }
  }

  private void enter(Deadline deadline) throws SwiftTrouble {
    try {
      if (!asking.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SwiftTrouble(
            Why.UNREACHABLE,
            "no token came in time from " + login.address() + ": is what gives tokens running?",
            0,
            Optional.empty());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SwiftTrouble(Why.INTERRUPTED, "interrupted while waiting for a token", e);
    }
  }

  private Secret ask(Deadline deadline) throws SwiftTrouble {
    try (Answer answer = connections.call(login.request(), deadline)) {
      if (answer.status() / 100 != 2) {
        throw troubles.tokenless(login, answer);
      }
      return login.token(answer).orElseThrow(() -> troubles.tokenless(login));
    } catch (CallFailed e) {
      throw troubles.tokenless(login, e);
    }
  }
}
