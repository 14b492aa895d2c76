package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Changes a setting of a running server, and knows when it is in force. */
final class Reload {
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
    return read
        && turn.await(until, Turn.QUICK, () -> postmasterSettled(turn))
        && settled(turn, until, types);
  }

  /** Waits until all processes of those types have dealt with a signal sent before. */
  static boolean settled(Turn turn, Deadline until, List<String> types)
      throws PgException, IOException, InterruptedException, ActFailed {
    for (long pid : pids(turn, types)) {
      boolean quiet =
          turn.await(
              until,
              Turn.QUICK,
              () ->
                  turn.node().processes().table().settled(pid)
                      || turn.node().processes().table().find(pid).isEmpty());
      if (!quiet) {
        return false;
      }
    }
    return true;
  }

  private static boolean postmasterSettled(Turn turn) throws IOException {
    Optional<ProcessId> postmaster = turn.node().postmaster();
    return postmaster.isPresent()
        && turn.node().processes().table().settled(postmaster.get().pid());
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
