package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Changes a setting of a running server, and knows when it is in force. */
final class Reload {
  private static final Duration WHILE = Duration.ofMillis(500);

  private Reload() {}

  /** Writes one setting, unless it is in force already, and has the server read it. */
  static void set(Turn turn, String name, String value) throws PgException, InterruptedException {
    turn.sql((session, deadline) -> {
      if (!current(session, deadline, name).equals(value)) {
        session.run(
            "ALTER SYSTEM SET " + Quote.identifier(name) + " = " + Quote.literal(value),
            deadline.left());
      }
      session.run("SELECT pg_reload_conf()", deadline.left());
      return value;
    });
  }

  /** The value in force in our own session. */
  static String current(PgSession session, Deadline deadline, String name) throws PgException {
    return session.one("SELECT current_setting(?)", deadline.left(), row -> row.getString(1), name);
  }

  /**
   * Waits until the setting has that value in our session, and until the server's main process and
   * all its processes of {@code types} have dealt with the signal that told them to read it. Our
   * session having read it means that the main process is sending that signal round; once that one
   * sleeps again, all have been sent it.
   *
   * @return whether that was so by {@code until}
   */
  static boolean awaitForce(
      Turn turn, Deadline until, String name, String value, List<String> types)
      throws PgException, IOException, InterruptedException, ActFailed {
    boolean read =
        turn.await(
            until,
            Turn.QUICK,
            () -> turn.sql((session, deadline) -> current(session, deadline, name)).equals(value));
    return read && sentRound(turn, until) && settled(turn, until, types);
  }

  /**
   * Waits until the main process has told everybody. Where its state is not within reach, a new
   * session tells: the main process does one thing after the other.
   */
  private static boolean sentRound(Turn turn, Deadline until)
      throws PgException, IOException, InterruptedException, ActFailed {
    if (turn.inside().within()) {
      return turn.await(until, Turn.QUICK, () -> turn.inside().postmasterSettled());
    }
    PgSession.open(turn.node().login(), until.left()).close();
    return true;
  }

  /**
   * Waits until all processes of those types have dealt with a signal sent before. Where they are
   * not within reach, that is a while and no proof.
   */
  static boolean settled(Turn turn, Deadline until, List<String> types)
      throws PgException, IOException, InterruptedException, ActFailed {
    if (!turn.inside().within()) {
      turn.await(until.atMost(WHILE), Turn.CALM, () -> false);
      return true;
    }
    for (long pid : pids(turn, types)) {
      boolean quiet = turn.await(until, Turn.QUICK, () -> turn.inside().settledOrGone(pid));
      if (!quiet) {
        return false;
      }
    }
    return true;
  }

  private static List<Long> pids(Turn turn, List<String> types)
      throws PgException, InterruptedException {
    String text =
        turn.sql((session, deadline) ->
            session.one(
                """
                SELECT coalesce(string_agg(pid::text, ','), '') FROM pg_stat_activity
                WHERE backend_type = ANY (string_to_array(?, ','))
                """,
                deadline.left(),
                row -> row.getString(1),
                String.join(",", types)));
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(",")).stream().map(Long::parseLong).toList();
  }
}
