package io.cotidal.remote.ssh;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in. It goes on while those who wait for it give up: a look that is short must
 * not begin a new one each time. Thread-safe.
 */
final class SshAttempt {
  /** After how long an attempt that came to nothing is left alone. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** For how long what came of an attempt holds before another one is made. */
  private static final Duration SOON = Duration.ofMillis(500);

  private static final Duration LATER = Duration.ofSeconds(10);

  private final SshAccess access;
  private final CompletableFuture<ClientSession> session = new CompletableFuture<>();
  private final Deadline longest = Deadline.in(LONGEST);
  private volatile @Nullable HostKeys pinned;
  private volatile @Nullable String foreignKey;
  private volatile @Nullable Deadline pause;

  private SshAttempt(SshAccess access) {
    this.access = access;
  }

  /** Begins one. */
  static SshAttempt begin(SshClient client, SshAccess access) {
    SshAttempt attempt = new SshAttempt(access);
    try {
      KeyPair identity = SshHosts.identity(access.identity());
      attempt.pinned = access.keys().of(access.host(), access.port());
      ConnectFuture connecting =
          client.connect(
              access.user(),
              access.host(),
              access.port(),
              AttributeRepository.ofKeyValuePair(SshHosts.ATTEMPT, attempt),
              null);
      connecting.addListener(connected -> attempt.logIn(connected, identity));
    } catch (IOException | UnresolvedAddressException e) {
      attempt.fail(e);
    }
    return attempt;
  }

  /** The kinds of keys that the machine is known by. */
  List<String> kinds() {
    HostKeys known = pinned;
    return known == null ? List.of() : known.types();
  }

  /** Whether the machine may go on, which has shown that key. */
  boolean shown(String key) {
    HostKeys keys = pinned;
    boolean known = keys != null && keys.holds(key);
    if (!known) {
      foreignKey = key.substring(0, Math.max(0, key.indexOf(' ')));
    }
    return known;
  }

  private void logIn(ConnectFuture connected, KeyPair identity) {
    Throwable problem = connected.getException();
    if (problem != null || !connected.isConnected()) {
      fail(problem);
      return;
    }
    ClientSession made = connected.getSession();
    try {
      made.addPublicKeyIdentity(identity);
      made.auth()
          .addListener(asked -> {
            if (asked.isSuccess()) {
              if (!session.complete(made)) {
                // Given up meanwhile.
                made.close(true);
              }
            } else {
              fail(reason(asked));
              made.close(true);
            }
          });
    } catch (IOException e) {
      fail(e);
      made.close(true);
    }
  }

  private static @Nullable Throwable reason(AuthFuture asked) {
    return asked.getException();
  }

  private void fail(@Nullable Throwable problem) {
    SshFailure failure = failure(problem);
    pause = Deadline.in(failure.trouble() instanceof SshTrouble.CannotTell ? LATER : SOON);
    session.completeExceptionally(failure);
  }

  private SshFailure failure(@Nullable Throwable problem) {
    if (foreignKey != null) {
      return SshFailure.cannotTell(
          access
              + ": shows another host key ("
              + foreignKey
              + ") than is pinned; if the machine was made anew, verify its key and write it down");
    }
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof SshFailure known) {
        return known;
      }
      if (cause instanceof ConnectException) {
        return new SshFailure(
            new SshTrouble.Refused(access + ": no SSH server listens there: " + text(cause)));
      }
      if (cause instanceof TimeoutException
          || cause instanceof java.net.SocketTimeoutException
          || cause instanceof java.nio.channels.InterruptedByTimeoutException) {
        return SshFailure.silent(access + ": the SSH server does not answer");
      }
    }
    return SshFailure.cannotTell(
        access
            + ": not let in: "
            + (problem == null ? "the key is not accepted" : text(problem))
            + "; cot member prepare lets the key in");
  }

  private static String text(Throwable problem) {
    String message = problem.getMessage();
    return message == null
        ? problem.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** Whether another attempt should be made in its place. */
  boolean over() {
    if (!session.isDone()) {
      return longest.over();
    }
    if (session.isCompletedExceptionally()) {
      Deadline until = pause;
      return until == null || until.over();
    }
    return !session.join().isOpen();
  }

  /** The session, if it is open now. */
  Optional<ClientSession> ready() {
    return session.isDone() && !session.isCompletedExceptionally() && session.join().isOpen()
        ? Optional.of(session.join())
        : Optional.empty();
  }

  /**
   * Waits for the session.
   *
   * @throws SshFailure if there is none by the deadline
   */
  ClientSession await(Deadline deadline) throws SshFailure, InterruptedException {
    try {
      return session.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw SshFailure.silent(access + ": the SSH server does not answer in time");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SshFailure failure) {
        throw new SshFailure(failure.trouble());
      }
      throw new IllegalStateException(e);
    }
  }

  /** Gives it up. */
  void end() {
    pause = Deadline.in(Duration.ZERO);
    session.completeExceptionally(SshFailure.cannotTell(access + ": the link was closed"));
    ready().ifPresent(made -> made.close(true));
  }
}
