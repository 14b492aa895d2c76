package io.cotidal.postgres.steps;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby's replay, held for a moment by somebody inside the member's gate. A mark in the gate
 * says so before it happens: whoever is inside later and finds it knows that its maker is gone, and
 * lets replay go on. And the server itself lets it go on after {@link #LONGEST}, if nobody comes.
 */
final class Pause {
  /** The server ends the pause by itself after so long. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(Pause.class);
  private static final String MARK = "paused";
  private static final String GUARD = "cotidal pause";
  private static final Duration SENT = Duration.ofMillis(200);
  private static final Duration TIDY = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(2);

  /** Nothing that an operator has set may end the statement, on whatever version. */
  private static final String UNLIMITED =
      """
      SELECT set_config(name, '0', false) FROM pg_settings
      WHERE name IN ('client_connection_check_interval', 'statement_timeout', 'lock_timeout',
        'transaction_timeout', 'idle_session_timeout')\
      """;

  private static final String STATE =
      "SELECT CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE 'primary' END";

  private Pause() {}

  /** How replay stands: {@code not paused}, {@code pause requested}, {@code paused}. */
  static String state(Node node, Deadline deadline) throws PgException, InterruptedException {
    return node.work()
        .use(deadline, (session, left) -> session.one(STATE, left.left(), row -> row.getString(1)));
  }

  /**
   * Holds replay on this machine, and returns when it stands still. To be called inside the gate,
   * and followed by {@link #end} whatever happens.
   */
  static void begin(Node node, Deadline deadline)
      throws PgException, IOException, InterruptedException {
    Durable.write(mark(node), "replay is held by Cotidal\n", null, "rw-r--r--");
    hold(node, deadline);
    while (!state(node, deadline).equals("paused")) {
      if (deadline.over()) {
        throw new IOException("replay on " + node.id() + " does not come to rest");
      }
      deadline.pause(LOOK);
    }
  }

  /** Nobody waits for the statement's end: a session that is cut does not end it. */
  private static void hold(Node node, Deadline deadline) throws PgException {
    Login known = node.login();
    Login login =
        new Login(
            known.host(), known.port(), known.database(), known.user(), known.password(), GUARD);
    try (PgSession session = PgSession.open(login, deadline.left())) {
      session.all(UNLIMITED, deadline.left(), row -> row.getString(1));
      // One statement, which the server finishes whether or not anybody still listens.
      session.run(
          """
          DO $$ BEGIN
            PERFORM pg_catalog.pg_wal_replay_pause();
            PERFORM pg_catalog.pg_sleep(%d);
            IF pg_catalog.pg_is_in_recovery() THEN
              PERFORM pg_catalog.pg_wal_replay_resume();
            END IF;
          END $$\
          """
              .formatted(LONGEST.toSeconds()),
          SENT);
    } catch (PgException e) {
      if (!(e.trouble() instanceof Trouble.Silent)) {
        throw e;
      }
    }
  }

  /** Lets replay go on, and forgets that it was held. Never throws: the server does it else. */
  static void end(Node node, Inside inside) {
    boolean interrupted = Thread.interrupted();
    try {
      Deadline deadline = Deadline.in(TIDY);
      node.work()
          .use(
              deadline,
              (session, left) -> {
                resume(session, left);
                return true;
              });
      inside.delete(mark(node));
    } catch (PgException e) {
      interrupted |= forgetStopped(node, inside, e);
    } catch (IOException e) {
      LOG.warn("event=pause-mark-stays member={} reason=\"{}\"", node.id(), e.getMessage());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Undoes a pause whose maker is gone; to be called inside the gate, before anything else. */
  static void recover(Node node, Inside inside) throws IOException, InterruptedException {
    if (inside.within() && inside.exists(mark(node))) {
      LOG.warn(
          "event=replay-resumed member={} reason=\"whoever took a snapshot of it is gone\"",
          node.id());
      end(node, inside);
    }
  }

  private static void resume(PgSession session, Deadline deadline) throws PgException {
    session.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?",
        deadline.left(),
        GUARD);
    boolean standby =
        session.one("SELECT pg_is_in_recovery()", deadline.left(), row -> row.getBoolean(1));
    if (standby) {
      session.run("SELECT pg_wal_replay_resume()", deadline.left());
    }
  }

  /** A server that is gone took the pause along. Returns whether we were interrupted. */
  private static boolean forgetStopped(Node node, Inside inside, PgException problem) {
    boolean interrupted = false;
    try {
      if (problem.trouble() instanceof Trouble.Refused && inside.processes().isEmpty()) {
        inside.delete(mark(node));
        return false;
      }
    } catch (IOException e) {
      problem.addSuppressed(e);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    LOG.warn(
        "event=replay-still-held member={} reason=\"{}\" ends-within={}s",
        node.id(),
        problem.getMessage(),
        LONGEST.toSeconds());
    return interrupted;
  }

  private static Path mark(Node node) {
    return node.places().gate().resolve(MARK);
  }
}
