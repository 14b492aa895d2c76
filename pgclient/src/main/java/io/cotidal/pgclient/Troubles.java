package io.cotidal.pgclient;

import java.net.SocketException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sorts what the driver throws. */
final class Troubles {
  private Troubles() {}

  static Trouble of(SQLException problem, long waitedNanos, Duration deadline) {
    if (Thread.currentThread().isInterrupted()) {
      return new Trouble.CannotTell("we were interrupted");
    }
    if (has(problem, DeadlineSocket.Passed.class)) {
      return new Trouble.Silent(waitedNanos);
    }
    Throwable certificate = find(problem, SSLException.class);
    if (certificate != null) {
      return new Trouble.CannotTell("TLS: " + line(certificate));
    }
    if (has(problem, UnknownHostException.class)) {
      return new Trouble.CannotTell("the host's name does not resolve");
    }
    Throwable socket = find(problem, SocketException.class);
    if (socket != null) {
      return network(socket, waitedNanos);
    }
    String state = problem.getSQLState() == null ? "" : problem.getSQLState();
    if (state.startsWith("28") || state.equals("53300") || state.equals("57P03")) {
      return new Trouble.CannotTell(line(problem));
    }
    if (state.startsWith("57P0")) {
      return new Trouble.Refused("closed by the server: " + line(problem));
    }
    if (state.equals("08004") || state.equals("08P01")) {
      return new Trouble.CannotTell(line(problem));
    }
    if (state.startsWith("08")) {
      return waitedNanos >= deadline.toNanos()
          ? new Trouble.Silent(waitedNanos)
          : new Trouble.Refused("the connection was closed");
    }
    return new Trouble.Rejected(state, line(problem));
  }

  /** The operating system's words for what the network did. */
  private static Trouble network(Throwable problem, long waitedNanos) {
    String words = line(problem);
    if (words.contains("timed out") || words.contains("No route to host")) {
      return new Trouble.Silent(waitedNanos);
    }
    if (words.contains("unreachable")) {
      return new Trouble.CannotTell(words);
    }
    return new Trouble.Refused(words);
  }

  private static boolean has(Throwable problem, Class<? extends Throwable> type) {
    return find(problem, type) != null;
  }

  private static @Nullable Throwable find(Throwable problem, Class<? extends Throwable> type) {
    Throwable at = problem;
    while (at != null) {
      if (type.isInstance(at)) {
        return at;
      }
      at = at.getCause();
    }
    return null;
  }

  private static String line(Throwable problem) {
    String message = problem.getMessage() == null ? problem.toString() : problem.getMessage();
    return message.lines().findFirst().orElse("").strip();
  }
}
