package io.cotidal.postgres.guard;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Quote;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a guard's session is told. It runs in one process of the server and needs nobody at its
 * other end.
 *
 * <p>Every 50 ms it asks whether somebody vouches for the primary. A look of the leader's does, for
 * as long as the lease from the moment at which it was given the clock that it hands back. If looks
 * stay away, the replicas that might be promoted do, if all of them have on disk what the guard has
 * just put into the log: whoever is promoted has been cut off before. If nobody does, sessions of
 * clients are ended, and the server is, as by {@code pg_ctl stop -m immediate}, with {@code
 * standby.signal} left behind, so that whoever starts it gets no primary.
 *
 * <p>The clock is the machine's time since its start: no change of the time of day moves it.
 */
public final class GuardScript {
  /** Seconds since the machine's start, where the server runs on Linux; else null. */
  public static final String CLOCK =
      "split_part(pg_read_file('/proc/uptime', 0, 64, true), ' ', 1)";

  /** The number of the server's main process. */
  public static final String POSTMASTER = "split_part(pg_read_file('postmaster.pid'), E'\\n', 1)";

  private GuardScript() {}

  /**
   * What its session has to run first, one statement each. Nothing that somebody set for all
   * sessions may end it or keep it waiting.
   */
  public static List<String> settings(Guard guard) {
    return List.of(
        "SET application_name = " + Quote.literal(guard.name()),
        "SET statement_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
        "SET lock_timeout = '200ms'",
        "SET synchronous_commit = off",
        "SET default_transaction_isolation = 'read committed'",
        "SET default_transaction_read_only = off",
        "SET default_transaction_deferrable = off",
        "SET jit = off",
        "SET log_min_error_statement = panic",
        "SET log_min_duration_statement = -1");
  }

  /** The statement that never ends by itself. */
  public static String text(Guard guard, Collection<MemberId> replicas) {
    String members =
        replicas.stream()
            .map(member -> Quote.literal(member.name()))
            .sorted()
            .collect(Collectors.joining(", "));
    return TEXT.replace("{clock}", CLOCK)
        .replace("{postmaster}", POSTMASTER)
        .replace("{epoch}", Long.toString(guard.epoch()))
        .replace("{lease}", Long.toString(guard.lease().toMillis()))
        .replace("{members}", members);
  }

  /**
   * A transaction for each round: else the server would show the same sessions for ever, and keep
   * old rows. The log's message is one with a number of its own, because such a commit is brought
   * to disk soon without being waited for, and takes no lock.
   */
  private static final String TEXT =
      """
      DO $cotidal$
      DECLARE
        lease constant float8 := {lease} / 1000.0;
        members constant text[] := ARRAY[{members}]::text[];
        me constant name := current_user;
        quit constant text := 'trap "" QUIT TERM; kill -QUIT ' || {postmaster}
          || '; : > standby.signal; sync standby.signal .';
        present float8 := {clock};
        held float8 := present;
        sign float8;
        mark pg_lsn;
        marked float8;
      BEGIN
        LOOP
          BEGIN
            present := {clock};
            SELECT max(split_part(application_name, ' ', 3)::float8) INTO sign
            FROM pg_stat_activity
            WHERE usename = me AND application_name ~ '^cotidal {epoch} [0-9.]+$';
            IF sign > present THEN
              sign := NULL;
            END IF;
            IF present - sign < lease / 2 THEN
              mark := NULL;
            ELSIF mark IS NULL THEN
              marked := present;
              PERFORM pg_logical_emit_message(true, 'cotidal', 'guard');
              mark := pg_current_wal_insert_lsn();
            ELSIF NOT EXISTS (
              SELECT FROM unnest(members) AS member
              WHERE NOT EXISTS (
                SELECT FROM pg_stat_replication
                WHERE application_name = member AND state = 'streaming' AND flush_lsn >= mark))
            THEN
              held := marked;
              mark := NULL;
            END IF;
          EXCEPTION WHEN OTHERS THEN
            RAISE LOG 'cotidal guard: %', sqlerrm;
          END;
          EXIT WHEN present - greatest(sign, held) > lease;
          COMMIT;
          PERFORM pg_sleep(0.05);
        END LOOP;
        RAISE LOG 'cotidal guard: for % s neither Cotidal nor all of % vouched for this primary: it ends itself',
          round((present - greatest(sign, held))::numeric, 2), members;
        LOOP
          BEGIN
            PERFORM pg_stat_clear_snapshot();
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();
            EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', quit);
          EXCEPTION WHEN OTHERS THEN
            RAISE LOG 'cotidal guard: %', sqlerrm;
          END;
          PERFORM pg_sleep(0.02);
        END LOOP;
      END
      $cotidal$
      """;
}
