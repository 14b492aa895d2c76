package io.cotidal.store;

import static io.cotidal.store.Codec.details;
import static io.cotidal.store.Codec.word;

import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the journal, in the caller's transaction. */
final class Reading {
  /**
   * Ended operations that a snapshot holds: what the screens show and planners may look back on.
   */
  static final int RECENT = 50;

  /** More than this in one answer is a mistake of the caller's. */
  private static final int MOST = 10_000;

  private static final String OPERATION =
      """
      SELECT resource, number, type, version, input, risk, state, reason, note, proposal_key, basis,
        actor, approved_by, idempotency_key, cancel_requested, locks, created_micros,
        approved_micros, started_micros, ended_micros
      FROM operation
      """;

  private static final String STEP =
      """
      SELECT operation, sequence, step_key, act, member, arguments, sentence, needs, deadline,
        when_unknown, decision_point, point_of_no_return, ledger, items, attempt, state, epoch, evidence,
        problem, started_micros, ended_micros
      FROM step
      """;

  private static final String EVENT =
      """
      SELECT sequence, resource, micros, severity, code, operation, actor, sentence, details
      FROM event
      """;

  /** Takes the resource twice and {@link #RECENT}. */
  private static final String REMEMBERED =
      """
      SELECT number FROM operation WHERE resource = ? AND is_open = 1
      UNION
      SELECT number FROM (
        SELECT number FROM operation WHERE resource = ? AND is_open = 0
        ORDER BY number DESC LIMIT ?) AS ended
      """;

  private record Head(long epoch, Details ledger, long lastNumber) {}

  private Reading() {}

  static Snapshot load(Connection connection, ResourceId resource) throws SQLException {
    String id = resource.toString();
    Optional<Head> head =
        Sql.first(
            connection,
            "SELECT epoch, ledger, last_number FROM resource WHERE id = ?",
            row -> new Head(row.getLong(1), details(row.getString(2)), row.getLong(3)),
            id);
    if (head.isEmpty()) {
      return Snapshot.EMPTY;
    }
    List<Operation> operations =
        Sql.query(
            connection,
            OPERATION + " WHERE resource = ? AND number IN (" + REMEMBERED + ") ORDER BY number",
            Reading::operation,
            id,
            id,
            id,
            RECENT);
    Map<Long, List<StepRecord>> steps = new HashMap<>();
    Sql.query(
        connection,
        STEP
            + " WHERE resource = ? AND operation IN ("
            + REMEMBERED
            + ") ORDER BY operation, sequence",
        row ->
            steps
                .computeIfAbsent(row.getLong("operation"), number -> new ArrayList<>())
                .add(step(row)),
        id,
        id,
        id,
        RECENT);
    List<Operation> whole =
        operations.stream()
            .map(each -> each.withSteps(steps.getOrDefault(each.number(), List.of())))
            .toList();
    return new Snapshot(
        head.get().epoch(),
        head.get().ledger(),
        whole,
        ItemRows.all(connection, id),
        head.get().lastNumber());
  }

  static Optional<Operation> operation(Connection connection, OperationId id) throws SQLException {
    Optional<Operation> found =
        Sql.first(
            connection,
            OPERATION + " WHERE resource = ? AND number = ?",
            Reading::operation,
            id.resource().toString(),
            id.number());
    return whole(connection, found);
  }

  static Optional<Operation> operationByKey(
      Connection connection, ResourceId resource, String idempotencyKey) throws SQLException {
    Optional<Operation> found =
        Sql.first(
            connection,
            OPERATION + " WHERE resource = ? AND idempotency_key = ?",
            Reading::operation,
            resource.toString(),
            idempotencyKey);
    return whole(connection, found);
  }

  private static Optional<Operation> whole(Connection connection, Optional<Operation> found)
      throws SQLException {
    if (found.isEmpty()) {
      return found;
    }
    List<StepRecord> steps =
        Sql.query(
            connection,
            STEP + " WHERE resource = ? AND operation = ? ORDER BY sequence",
            Reading::step,
            found.get().id().resource().toString(),
            found.get().number());
    return Optional.of(found.get().withSteps(steps));
  }

  static List<Operation> operations(Connection connection, ResourceId resource, int limit)
      throws SQLException {
    return Sql.query(
        connection,
        OPERATION + " WHERE resource = ? ORDER BY number DESC LIMIT ?",
        Reading::operation,
        resource.toString(),
        Math.clamp(limit, 0, MOST));
  }

  static List<LoggedEvent> events(
      Connection connection, @Nullable ResourceId resource, long after, int limit)
      throws SQLException {
    int most = Math.clamp(limit, 0, MOST);
    if (resource == null) {
      return Sql.query(
          connection,
          EVENT + " WHERE sequence > ? ORDER BY sequence LIMIT ?",
          Reading::event,
          after,
          most);
    }
    return Sql.query(
        connection,
        EVENT + " WHERE resource = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        Reading::event,
        resource.toString(),
        after,
        most);
  }

  static List<LoggedEvent> latest(
      Connection connection, @Nullable ResourceId resource, long before, int limit)
      throws SQLException {
    int most = Math.clamp(limit, 0, MOST);
    List<LoggedEvent> newestFirst =
        resource == null
            ? Sql.query(
                connection,
                EVENT + " WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
                Reading::event,
                before,
                most)
            : Sql.query(
                connection,
                EVENT + " WHERE resource = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
                Reading::event,
                resource.toString(),
                before,
                most);
    return newestFirst.reversed();
  }

  static long lastEvent(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT value FROM counter WHERE name = 'event'");
  }

  static boolean committed(Connection connection, ResourceId resource, String batch)
      throws SQLException {
    return Sql.number(
            connection,
            "SELECT COUNT(*) FROM batch WHERE resource = ? AND id = ?",
            resource.toString(),
            batch)
        > 0;
  }

  private static Operation operation(ResultSet row) throws SQLException {
    return new Operation(
        new OperationId(ResourceId.parse(row.getString("resource")), row.getLong("number")),
        row.getString("type"),
        row.getInt("version"),
        details(row.getString("input")),
        word(Risk.class, row.getString("risk")),
        word(OperationState.class, row.getString("state")),
        row.getString("reason"),
        row.getString("note"),
        row.getString("proposal_key"),
        row.getString("basis"),
        new Actor(row.getString("actor")),
        actor(row.getString("approved_by")),
        row.getString("idempotency_key"),
        row.getInt("cancel_requested") == 1,
        Codec.locks(row.getString("locks")),
        row.getLong("created_micros"),
        row.getLong("approved_micros"),
        row.getLong("started_micros"),
        row.getLong("ended_micros"),
        List.of());
  }

  private static StepRecord step(ResultSet row) throws SQLException {
    String member = row.getString("member");
    Step step =
        new Step(
            row.getString("step_key"),
            row.getString("act"),
            member == null ? null : new MemberId(member),
            details(row.getString("arguments")),
            row.getString("sentence"),
            Codec.texts(row.getString("needs")),
            Duration.parse(row.getString("deadline")),
            Codec.whenUnknown(row.getString("when_unknown")),
            row.getInt("decision_point") == 1,
            row.getInt("point_of_no_return") == 1,
            details(row.getString("ledger")),
            ItemRows.changes(row.getString("items")));
    return new StepRecord(
        row.getInt("sequence"),
        step,
        row.getInt("attempt"),
        word(StepState.class, row.getString("state")),
        row.getLong("epoch"),
        details(row.getString("evidence")),
        row.getString("problem"),
        row.getLong("started_micros"),
        row.getLong("ended_micros"));
  }

  private static LoggedEvent event(ResultSet row) throws SQLException {
    return new LoggedEvent(
        row.getLong("sequence"),
        new Event(
            ResourceId.parse(row.getString("resource")),
            row.getLong("micros"),
            word(Severity.class, row.getString("severity")),
            row.getString("code"),
            row.getLong("operation"),
            actor(row.getString("actor")),
            row.getString("sentence"),
            details(row.getString("details"))));
  }

  private static @Nullable Actor actor(@Nullable String name) {
    return name == null ? null : new Actor(name);
  }
}
