package io.cotidal.postgres.observe;

import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.guard.GuardScript;
import io.cotidal.postgres.guard.Lifeline;
import io.cotidal.postgres.reach.Machine;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One look at one member: one query in a kept session, and what its host says. Reads only.
 * Thread-safe.
 */
public final class Look {
  private static final char FIELD = '\u001f';
  private static final char RECORD = '\u001e';
  private static final int OLDEST = 130_000;
  private static final Duration LATE = Duration.ofMillis(50);

  /** How long ago the last message came to a receiver that does not tell of any. */
  static final long NEVER_HEARD_MILLIS = Integer.MAX_VALUE;

  /**
   * The timeline of a standby without a receiver is that of the newest segment that holds its
   * position: its control file learns of a new timeline only with a later restart point.
   */
  private static final String WHAT =
      """
      WITH me AS MATERIALIZED (
        SELECT recovering,
               CASE WHEN recovering
                    THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                    ELSE pg_current_wal_flush_lsn() END AS position,
               CASE WHEN recovering THEN pg_last_wal_replay_lsn()
                    ELSE pg_current_wal_flush_lsn() END AS replayed
        FROM (SELECT pg_is_in_recovery() AS recovering) AS mode),
      at AS MATERIALIZED (
        SELECT coalesce((position - '0/0'::pg_lsn)::bigint, 0) AS position,
               coalesce((replayed - '0/0'::pg_lsn)::bigint, 0) AS replayed,
               pg_size_bytes(current_setting('wal_segment_size')) AS size
        FROM me)
      SELECT current_setting('server_version_num')::int AS version,
             (SELECT system_identifier FROM pg_control_system()) AS system_id,
             me.recovering,
             at.position,
             at.replayed,
             CASE WHEN NOT me.recovering
                  THEN ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint
                  WHEN r.received_tli IS NOT NULL
                  THEN greatest(r.received_tli, (SELECT timeline_id FROM pg_control_checkpoint()))
                  ELSE greatest(
                    (SELECT timeline_id FROM pg_control_checkpoint()),
                    (SELECT min_recovery_end_timeline FROM pg_control_recovery()),
                    (SELECT max(('x' || substr(name, 1, 8))::bit(32)::bigint)
                     FROM pg_ls_waldir()
                     WHERE name ~ '^[0-9A-F]{24}$'
                       AND substr(name, 9) = upper(
                         lpad(to_hex((at.position - 1) / at.size / (4294967296 / at.size)), 8, '0')
                         || lpad(to_hex((at.position - 1) / at.size % (4294967296 / at.size)), 8, '0'))))
             END AS timeline,
             current_setting('primary_conninfo') AS conninfo,
             r.status AS receiver,
             r.sender_host,
             r.sender_port,
             (extract(epoch FROM clock_timestamp() - r.last_msg_receipt_time) * 1000)::bigint AS silent,
             (SELECT string_agg(
                application_name || chr(31) || state || chr(31)
                  || coalesce((flush_lsn - '0/0'::pg_lsn)::bigint, 0), chr(30))
              FROM pg_stat_replication) AS senders,
             current_setting('synchronous_standby_names') AS sync_names,
             (SELECT string_agg(slot_name, chr(30) ORDER BY slot_name)
              FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary) AS slots,
             (SELECT string_agg(concat_ws(chr(31), slot_name, plugin, database,
                coalesce(to_jsonb(s) ->> 'failover', 'false'),
                coalesce(to_jsonb(s) ->> 'synced', 'false'),
                coalesce(wal_status, '') = 'lost'
                  OR to_jsonb(s) ->> 'invalidation_reason' IS NOT NULL,
                coalesce((confirmed_flush_lsn - '0/0'::pg_lsn)::bigint, 0)), chr(30) ORDER BY slot_name)
              FROM pg_replication_slots AS s
              WHERE slot_type = 'logical' AND NOT temporary) AS logical,
             current_setting('wal_level') = 'logical' AS decodes,
             current_setting('hot_standby_feedback') = 'on' AS feedback,
             coalesce(current_setting('sync_replication_slots', true), '') = 'on' AS synchronises,
             coalesce(current_setting('synchronized_standby_slots', true), '') AS awaited,
             NOT me.recovering AND current_setting('default_transaction_read_only') = 'off' AS writable,
             CASE WHEN NOT me.recovering THEN
               (SELECT max(coalesce(
                  (extract(epoch FROM clock_timestamp() - query_start) * 1000)::bigint, 0))
                FROM pg_stat_activity WHERE wait_event = 'SyncRep') END AS waits
      """;

  private static final String WHENCE =
      "FROM me CROSS JOIN at LEFT JOIN pg_stat_wal_receiver AS r ON true";

  /** For a guard: the sign for it as the session's name, the server's clock, who guards. */
  private static final String FOR_GUARDS =
      """
      , CASE WHEN ?::text = '' THEN '' ELSE set_config('application_name', ?, false) END,
             CASE WHEN me.recovering THEN NULL ELSE %s END AS clock,
             (SELECT string_agg(application_name, chr(30)) FROM pg_stat_activity
              WHERE usename = current_user AND application_name LIKE '%s%%') AS guards
      """
          .formatted(GuardScript.CLOCK, Guard.WORDS);

  private static final String PLAIN = WHAT + WHENCE;
  private static final String GUARDED = WHAT + FOR_GUARDS + WHENCE;

  private final PostgresSpec spec;

  /** Looks at members of {@code spec}. */
  public Look(PostgresSpec spec) {
    this.spec = spec;
  }

  /** One look, within {@code length}. */
  public Observation<PgFacts> at(Node node, Duration length) {
    long began = System.nanoTime();
    Deadline deadline = Deadline.in(length);
    Machine.Glance glance = node.machine().glance();
    try {
      PgFacts facts;
      try {
        PgFacts told =
            node.watch().use(deadline, (session, until) -> facts(session, until, node.lifeline()));
        facts =
            told.keeping(node.log().latest(told.recovering(), deadline))
                .set(node.settings().latest(deadline));
        facts = node.stall().seen(facts, System.nanoTime());
        if (!facts.guards().isEmpty() && !node.lifeline().gives(System.nanoTime())) {
          // A guard that our looks do not keep from acting is none that could be counted on.
          facts = facts.guarded(List.of());
        }
      } catch (PgException e) {
        if (!(e.trouble() instanceof Trouble.Silent)) {
          node.stall().missed();
        }
        long waited = System.nanoTime() - began;
        return failed(e.trouble(), waited, HostLook.read(node, glance, false, late(deadline)));
      }
      return new Observation.Seen<>(facts, HostLook.read(node, glance, true, late(deadline)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", Host.UNKNOWN);
    }
  }

  /**
   * A machine that was asked before the server has had its time; one that was not gets a little.
   */
  private static Deadline late(Deadline deadline) {
    return deadline.left().compareTo(LATE) < 0 ? Deadline.in(LATE) : deadline;
  }

  private static Observation<PgFacts> failed(Trouble trouble, long waited, Host host) {
    return switch (trouble) {
      case Trouble.Refused refused -> new Observation.Refused<>(refused.reason(), host);
      case Trouble.Silent _ -> new Observation.Silent<>(waited, host);
      case Trouble.CannotTell unclear -> new Observation.CannotTell<>(unclear.reason(), host);
      case Trouble.Rejected rejected -> new Observation.CannotTell<>(rejected.reason(), host);
    };
  }

  /**
   * The facts, asked in that session.
   *
   * @throws PgException if the server does not give them, or is too old
   */
  public PgFacts facts(PgSession session, Deadline deadline) throws PgException {
    return facts(session, deadline, new Lifeline());
  }

  /** The same; where a guard is wished, what it needs to hear is told in the same breath. */
  private PgFacts facts(PgSession session, Deadline deadline, Lifeline lifeline)
      throws PgException {
    try {
      PgFacts facts =
          spec.guarded() ? guarded(session, deadline, lifeline) : plain(session, deadline);
      refuseOlder(facts.version());
      return facts;
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected) {
        // An old server knows neither the functions nor the columns.
        refuseOlder(
            session.one(
                "SELECT current_setting('server_version_num')::int",
                deadline.left(),
                row -> row.getInt(1)));
      }
      throw e;
    }
  }

  private PgFacts plain(PgSession session, Deadline deadline) throws PgException {
    return session.one(PLAIN, deadline.left(), this::read);
  }

  private PgFacts guarded(PgSession session, Deadline deadline, Lifeline lifeline)
      throws PgException {
    String sign = lifeline.sign(System.nanoTime());
    return session.one(
        GUARDED,
        deadline.left(),
        row -> {
          String clock = row.getString("clock");
          if (clock != null) {
            lifeline.heard(clock, System.nanoTime());
          }
          List<Guard> guards = new ArrayList<>();
          split(row.getString("guards"), RECORD)
              .forEach(name -> Guard.read(name).ifPresent(guards::add));
          return read(row).guarded(guards);
        },
        sign,
        sign);
  }

  /** PostgreSQL before 13 is refused by name. */
  static void refuseOlder(int version) throws PgException {
    if (version < OLDEST) {
      throw new PgException(
          new Trouble.CannotTell(
              "it is PostgreSQL "
                  + (version < 100_000
                      ? version / 10_000 + "." + version / 100 % 100
                      : String.valueOf(version / 10_000))
                  + ", and 13 is the oldest that Cotidal knows: upgrade it"));
    }
  }

  private PgFacts read(ResultSet row) throws SQLException {
    boolean recovering = row.getBoolean("recovering");
    String status = row.getString("receiver");
    PgFacts.Receiver receiver = null;
    if (status != null) {
      long silent = row.getLong("silent");
      receiver =
          new PgFacts.Receiver(
              status,
              member(row.getString("sender_host"), row.getString("sender_port")),
              row.wasNull() ? NEVER_HEARD_MILLIS : Math.max(0, silent));
    }
    PgFacts facts =
        new PgFacts(
            row.getInt("version"),
            row.getLong("system_id"),
            recovering,
            row.getLong("timeline"),
            row.getLong("position"),
            row.getLong("replayed"),
            recovering ? upstream(row.getString("conninfo")) : null,
            receiver,
            senders(row.getString("senders")),
            row.getString("sync_names"),
            split(row.getString("slots"), RECORD),
            row.getBoolean("writable"));
    long waits = row.getLong("waits");
    Stall stall = Stall.told(row.wasNull() ? null : (Long) Math.max(0, waits));
    return facts
        .stalled(stall)
        .with(
            new LogicalSlots(
                row.getBoolean("decodes"),
                row.getBoolean("synchronises"),
                row.getBoolean("feedback"),
                row.getString("awaited"),
                logical(row.getString("logical"))));
  }

  private static List<LogicalSlots.Slot> logical(@Nullable String text) {
    List<LogicalSlots.Slot> slots = new ArrayList<>();
    for (String record : split(text, RECORD)) {
      List<String> fields = split(record, FIELD);
      slots.add(
          new LogicalSlots.Slot(
              fields.get(0),
              fields.get(1),
              fields.get(2),
              fields.get(3).equals("true"),
              fields.get(4).equals("true"),
              fields.get(5).equals("t"),
              Long.parseLong(fields.get(6))));
    }
    return slots;
  }

  private @Nullable MemberId upstream(@Nullable String conninfo) {
    if (conninfo == null || conninfo.isBlank()) {
      return null;
    }
    try {
      Map<String, String> parameters = Conninfo.parse(conninfo);
      return member(parameters.get("host"), parameters.getOrDefault("port", "5432"));
    } catch (IllegalArgumentException e) {
      // Somebody wrote what the server itself cannot read: then it follows nobody that we know.
      return null;
    }
  }

  private @Nullable MemberId member(@Nullable String host, @Nullable String port) {
    if (host == null || port == null) {
      return null;
    }
    return spec.servers().stream()
        .filter(server ->
            server.addresses().replication().equals(host)
                && Integer.toString(server.port()).equals(port))
        .map(server -> server.id())
        .findFirst()
        .orElse(null);
  }

  private static List<PgFacts.Sender> senders(@Nullable String text) {
    List<PgFacts.Sender> senders = new ArrayList<>();
    for (String record : split(text, RECORD)) {
      List<String> fields = split(record, FIELD);
      senders.add(new PgFacts.Sender(fields.get(0), fields.get(1), Long.parseLong(fields.get(2))));
    }
    return senders;
  }

  private static List<String> split(@Nullable String text, char separator) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split("" + separator, -1));
  }
}
