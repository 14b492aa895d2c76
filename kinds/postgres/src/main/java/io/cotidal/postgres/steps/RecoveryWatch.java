package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.pgclient.Lsn;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks whether a server that recovers has come to its target. For one turn. */
final class RecoveryWatch {
  /** For so long nothing more may come before the log counts as ended. */
  private static final Duration CALM = Duration.ofSeconds(1);

  /** So often it must have been seen to wait, having asked in vain, since the last that came. */
  private static final int SIGHTINGS = 3;

  private static final String WRONG_PASSWORD = "28P01";

  private static final String STANDING =
      """
      SELECT pg_is_in_recovery() AS recovering,
             coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0) AS replayed,
             pg_is_in_recovery() AND pg_is_wal_replay_paused() AS paused,
             coalesce(to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC',
                              'YYYY-MM-DD HH24:MI:SS.US+00:00'), '') AS last,
             coalesce(pg_last_xact_replay_timestamp() > nullif(?, '')::timestamptz, false) AS past,
             EXISTS (SELECT FROM pg_stat_activity
                     WHERE backend_type = 'startup'
                       AND wait_event = 'RecoveryRetrieveRetryInterval') AS waits
      """;

  /** What the server says when it stops at a target. */
  private static final Pattern STOPS = Pattern.compile("LOG:\\s+(recovery stopping .*)");

  private static final String TOO_LITTLE = "because of insufficient parameter settings";

  /** The server has ended. */
  static final class Died extends ActFailed {
    private static final long serialVersionUID = 1;

    private Died(String reason) {
      super(reason);
    }
  }

  private final Cluster cluster;
  private final Turn turn;
  private final ProcessId process;
  private final long logged;
  private final RecoveryTarget target;
  private final long least;
  private long from = -1;
  private long calmSince;
  private int sightings;
  private @Nullable Standing standing;
  private String said = "";

  private record Standing(
      boolean recovering,
      long replayed,
      boolean paused,
      String last,
      boolean past,
      boolean waits) {}

  /**
   * A watch.
   *
   * @param logged where the server's log began when it was started; 0 if somebody else did
   */
  RecoveryWatch(Cluster cluster, Turn turn, ProcessId process, long logged) {
    this.cluster = cluster;
    this.turn = turn;
    this.process = process;
    this.logged = logged;
    this.target = Recovery.target(turn.step().arguments());
    this.least = turn.number(Acts.POSITION);
  }

  /** Whether it is there, paused. */
  boolean reached() throws ActFailed, PgException, IOException, InterruptedException {
    if (!turn.inside().alive(process)) {
      throw new Died(turn.node().id() + " did not recover: " + ServerLog.decisive(turn, logged));
    }
    Standing now = standing();
    if (now == null) {
      return false;
    }
    if (!now.recovering()) {
      throw unproven();
    }
    tell(now);
    if (now.past()) {
      throw new ActFailed(
          turn.node().id() + " has a commit of " + now.last() + ", which is past the target");
    }
    return target instanceof RecoveryTarget.Latest ? atEnd(now) : stopped(now);
  }

  private @Nullable Standing standing() throws ActFailed, InterruptedException {
    String time = target.settings().getOrDefault("recovery_target_time", "");
    try {
      Standing now =
          turn.sql((session, deadline) ->
              session.one(
                  STANDING,
                  deadline.left(),
                  row ->
                      new Standing(
                          row.getBoolean("recovering"),
                          row.getLong("replayed"),
                          row.getBoolean("paused"),
                          row.getString("last"),
                          row.getBoolean("past"),
                          row.getBoolean("waits")),
                  time));
      if (standing == null || standing.replayed() != now.replayed()) {
        calmSince = System.nanoTime();
        sightings = 0;
      }
      sightings += now.waits() ? 1 : 0;
      standing = now;
      return now;
    } catch (PgException e) {
      if (e.rejected(WRONG_PASSWORD) || String.valueOf(e.getMessage()).contains("password auth")) {
        throw new ActFailed(
            "the restored server lets nobody in: write the superuser and the password that its"
                + " cluster had then; it says: "
                + e.getMessage());
      }
      // Until it is consistent it takes no sessions.
      return null;
    }
  }

  private void tell(Standing now) {
    from = from < 0 ? now.replayed() : from;
    turn.progress().accept(Recover.progress(from, now.replayed(), least));
  }

  /**
   * A server that lets nobody read yet when it comes to its target does not pause there, but goes
   * on as a primary. Nobody has looked at it: it is ended, and never taken for the restored one.
   */
  private ActFailed unproven() throws ActFailed, PgException, IOException, InterruptedException {
    Processes.kill(turn, turn.deadline().most());
    new ServerFiles(cluster.spec(), turn).demote();
    return new ActFailed(
        turn.node().id()
            + " did not pause at the target, so that nothing could be proven, and was ended: choose"
            + " a later target, or an earlier base backup");
  }

  private boolean calm() {
    return sightings >= SIGHTINGS && System.nanoTime() - calmSince >= CALM.toNanos();
  }

  /** As far as the archive goes: the server asks in vain for more, again and again. */
  private boolean atEnd(Standing now)
      throws ActFailed, PgException, IOException, InterruptedException {
    if (now.paused()) {
      refuseTooLittle();
      return true;
    }
    if (!calm()) {
      return false;
    }
    if (now.replayed() < least) {
      throw tooShort(now);
    }
    turn.sql((session, deadline) -> {
      session.run("SELECT pg_wal_replay_pause()", deadline.left());
      return true;
    });
    said = "the archive has no more";
    return true;
  }

  private boolean stopped(Standing now) throws ActFailed, IOException, InterruptedException {
    if (now.paused()) {
      refuseTooLittle();
      Optional<String> words = words();
      said = words.orElse("the server paused at its target");
      return true;
    }
    if (calm()) {
      throw tooShort(now);
    }
    return false;
  }

  private ActFailed tooShort(Standing now) {
    return new ActFailed(
        target.words() + " is not reached: the log that the archive gives ends at " + where(now));
  }

  /** A standby with less than its primary had stops on the way, and looks as if it were there. */
  private void refuseTooLittle() throws ActFailed, IOException, InterruptedException {
    Optional<String> line =
        turn.inside().log(logged).lines().filter(each -> each.contains(TOO_LITTLE)).findFirst();
    if (line.isPresent()) {
      throw new ActFailed(
          "recovery stopped on the way: " + line.get() + "; write more of it into settings");
    }
  }

  private Optional<String> words() throws IOException, InterruptedException {
    Matcher stops = STOPS.matcher(turn.inside().log(logged));
    String latest = "";
    while (stops.find()) {
      latest = stops.group(1).strip();
    }
    return latest.isEmpty() ? Optional.empty() : Optional.of(latest);
  }

  private static String where(Standing now) {
    return Lsn.format(now.replayed())
        + (now.last().isEmpty()
            ? ", without a commit since the base backup"
            : ", its last commit is of " + now.last());
  }

  /** How far it is; for people. */
  String where() {
    Standing now = standing;
    return now == null ? "it takes no sessions yet" : where(now);
  }

  /** What was seen when it had come there. */
  Details evidence() {
    Standing now = standing;
    if (now == null) {
      return Details.NONE;
    }
    return Details.of(Acts.TIMELINE, turn.argument(Acts.TIMELINE))
        .with(Acts.POSITION, now.replayed())
        .with("lsn", Lsn.format(now.replayed()))
        .with("target", target.words())
        .with("last-commit", now.last().isEmpty() ? "none since the base backup" : now.last())
        .with("said", said);
  }
}
