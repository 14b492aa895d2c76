package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.observe.SettingsWatch;
import io.cotidal.postgres.plan.settings.SettingsDiff;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.Parameters;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With which parameters one server is started. What was never tried is taken only by a start that
 * is asked to; if the server does not come up with it, it is started with what it had before.
 */
final class StartParameters {
  private static final Logger LOG = LoggerFactory.getLogger(StartParameters.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** What a server has of these if nobody says otherwise. */
  private static final Map<String, Long> STANDARD =
      Map.of(
          "max_connections", 100L,
          "max_worker_processes", 8L,
          "max_wal_senders", 10L,
          "max_prepared_transactions", 0L,
          "max_locks_per_transaction", 64L);

  private static final Duration SINGLE = Duration.ofSeconds(20);

  private static final String LIMITS =
      "SELECT name, setting::bigint FROM pg_settings WHERE name = ANY (string_to_array(?, ','))";

  private final PostgresSpec spec;
  private final Turn turn;
  private final OwnFile file;
  private Map<String, Long> least = Map.of();

  StartParameters(PostgresSpec spec, Turn turn) {
    this.spec = spec;
    this.turn = turn;
    this.file = new OwnFile(spec, turn);
  }

  private boolean cares() {
    return spec.practice().care().settings();
  }

  private boolean asked() {
    return cares() && turn.argument(Acts.SETTINGS).equals(Acts.NEW);
  }

  /** What the server is started with; what it had is kept for {@link #before} if that is new. */
  SequencedMap<String, String> chosen(@Nullable Node upstream)
      throws IOException, InterruptedException {
    least = upstream == null ? Map.of() : limits(upstream);
    String ours = file.text();
    SequencedMap<String, String> declared = raised(file.declared());
    if (!cares() || ours.isEmpty()) {
      return declared;
    }
    SequencedMap<String, String> kept = raised(file.kept(ours));
    if (!asked() || kept.equals(declared)) {
      return kept;
    }
    // One that is remembered already was never replaced by one that the server took.
    return file.remembered().isPresent() || file.remember(ours) ? declared : kept;
  }

  /** What the server had before, if it was to start with something else. */
  Optional<SequencedMap<String, String>> before() throws IOException, InterruptedException {
    if (!cares()) {
      return Optional.empty();
    }
    Optional<String> remembered = file.remembered();
    if (remembered.isEmpty()) {
      return Optional.empty();
    }
    SequencedMap<String, String> before = raised(file.kept(remembered.get()));
    return OwnFile.text(before).equals(file.text()) ? Optional.empty() : Optional.of(before);
  }

  /**
   * Lets a primary that was stopped in order have less of what a standby must have as much of as
   * its primary: it is started demoted, as every server is, and would not come up with less than
   * its own log says that it had. Single-user mode, in which nobody connects, writes the new limits
   * into that log.
   */
  void lower() throws ActFailed, IOException, InterruptedException {
    if (!asked() || !least.isEmpty() || !lowered()) {
      return;
    }
    Inside inside = turn.inside();
    if (!ControlFile.of(inside.sight()).state().equals(ControlFile.SHUT_DOWN)) {
      return;
    }
    Path input = turn.node().places().gate().resolve(Places.ROLES);
    try {
      inside.write(input, "");
      inside.delete(turn.node().signal());
      LocalProcesses.Result result =
          inside.run(new Tool.SingleUser(), turn.deadline().atMost(SINGLE));
      if (result.exit() != 0) {
        throw new ActFailed(
            turn.node().id() + " does not take the new limits: " + Complaint.of(result.output()));
      }
    } finally {
      new ServerFiles(spec, turn).demote();
      inside.delete(input);
    }
  }

  private boolean lowered() throws IOException, InterruptedException {
    Optional<String> remembered = file.remembered();
    if (remembered.isEmpty()) {
      return false;
    }
    SequencedMap<String, String> had = file.kept(remembered.get());
    SequencedMap<String, String> next = file.asItStands();
    return STANDARD.entrySet().stream()
        .anyMatch(each ->
            number(next.get(each.getKey()), each.getValue())
                < number(had.get(each.getKey()), each.getValue()));
  }

  /** The server runs with what its file says. */
  void taken() throws IOException, InterruptedException {
    if (cares()) {
      file.forget();
    }
  }

  /**
   * Evidence of a start that was to bring what is declared: what still waits.
   *
   * @param reason why the server did not come up with it; empty if it was not tried, or it did
   */
  Details kept(String reason) throws PgException, InterruptedException {
    if (!asked()) {
      return Details.NONE;
    }
    ServerSettings now =
        turn.sql(
            (session, until) -> SettingsWatch.read(spec, turn.node().server(), session, until));
    List<String> waiting =
        SettingsDiff.gated(spec, turn.node().server(), now).stream()
            .filter(line -> line.takes() == Takes.RESTART && !line.lowers())
            .map(SettingsDiff.Line::parameter)
            .toList();
    if (waiting.isEmpty() && reason.isEmpty()) {
      return Details.NONE;
    }
    return Details.of(
        Acts.KEPT,
        String.join(", ", waiting)
            + (waiting.isEmpty() ? "" : " still waits")
            + (waiting.isEmpty() || reason.isEmpty() ? "" : ": ")
            + reason);
  }

  /** A standby with less than its primary would not start, or stop replaying. */
  private SequencedMap<String, String> raised(SequencedMap<String, String> values) {
    least.forEach((name, limit) -> {
      long now = number(values.get(name), STANDARD.getOrDefault(name, 0L));
      if (now < limit) {
        values.put(name, Long.toString(limit));
      }
    });
    return values;
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.strip().matches("[0-9]{1,9}")
        ? Long.parseLong(text.strip())
        : otherwise;
  }

  private Map<String, Long> limits(Node upstream) throws InterruptedException {
    record Limit(String name, long value) {}
    Map<String, Long> limits = new HashMap<>();
    try {
      upstream
          .work()
          .use(
              turn.deadline().atMost(PATIENCE),
              (session, until) ->
                  session.all(
                      LIMITS,
                      until.left(),
                      row -> new Limit(row.getString(1), row.getLong(2)),
                      String.join(",", Parameters.AT_LEAST_THE_PRIMARYS)))
          .forEach(limit -> limits.put(limit.name(), limit.value()));
    } catch (PgException e) {
      LOG.info("member={} the limits of {} are not known", turn.node().id(), upstream.id());
    }
    return limits;
  }
}
