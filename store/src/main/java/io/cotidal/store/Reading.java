package io.cotidal.store;

import static io.cotidal.store.Codec.details;

import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Pause;
import io.cotidal.model.ResourceId;
import io.cotidal.model.StepRecord;
import java.sql.Connection;
import java.sql.SQLException;
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

  /** Takes the resource twice and {@link #RECENT}. */
  private static final String REMEMBERED =
      """
      SELECT number FROM operation WHERE resource = ? AND is_open = 1
      UNION
      SELECT number FROM (
        SELECT number FROM operation WHERE resource = ? AND is_open = 0
        ORDER BY number DESC LIMIT ?) AS ended
      """;

  private record Head(long epoch, Details ledger, Optional<Pause> pause, long lastNumber) {}

  private Reading() {}

  static Snapshot load(Connection connection, ResourceId resource) throws SQLException {
    String id = resource.toString();
    Optional<Head> head =
        Sql.first(
            connection,
            "SELECT epoch, ledger, pause, last_number FROM resource WHERE id = ?",
            row ->
                new Head(
                    row.getLong(1),
                    details(row.getString(2)),
                    PauseColumn.pause(row.getString(3)),
                    row.getLong(4)),
            id);
    if (head.isEmpty()) {
      return Snapshot.EMPTY;
    }
    List<Operation> operations =
        Sql.query(
            connection,
            JournalRows.OPERATION
                + " WHERE resource = ? AND number IN ("
                + REMEMBERED
                + ") ORDER BY number",
            JournalRows::operation,
            id,
            id,
            id,
            RECENT);
    Map<Long, List<StepRecord>> steps = new HashMap<>();
    Sql.query(
        connection,
        JournalRows.STEP
            + " WHERE resource = ? AND operation IN ("
            + REMEMBERED
            + ") ORDER BY operation, sequence",
        row ->
            steps
                .computeIfAbsent(row.getLong("operation"), number -> new ArrayList<>())
                .add(JournalRows.step(row)),
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
        head.get().pause(),
        head.get().lastNumber());
  }

  static Optional<Operation> operation(Connection connection, OperationId id) throws SQLException {
    Optional<Operation> found =
        Sql.first(
            connection,
            JournalRows.OPERATION + " WHERE resource = ? AND number = ?",
            JournalRows::operation,
            id.resource().toString(),
            id.number());
    return whole(connection, found);
  }

  static Optional<Operation> operationByKey(
      Connection connection, ResourceId resource, String idempotencyKey) throws SQLException {
    Optional<Operation> found =
        Sql.first(
            connection,
            JournalRows.OPERATION + " WHERE resource = ? AND idempotency_key = ?",
            JournalRows::operation,
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
            JournalRows.STEP + " WHERE resource = ? AND operation = ? ORDER BY sequence",
            JournalRows::step,
            found.get().id().resource().toString(),
            found.get().number());
    return Optional.of(found.get().withSteps(steps));
  }

  static List<Operation> operations(Connection connection, ResourceId resource, int limit)
      throws SQLException {
    return Sql.query(
        connection,
        JournalRows.OPERATION + " WHERE resource = ? ORDER BY number DESC LIMIT ?",
        JournalRows::operation,
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
          JournalRows.EVENT + " WHERE sequence > ? ORDER BY sequence LIMIT ?",
          JournalRows::event,
          after,
          most);
    }
    return Sql.query(
        connection,
        JournalRows.EVENT + " WHERE resource = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        JournalRows::event,
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
                JournalRows.EVENT + " WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
                JournalRows::event,
                before,
                most)
            : Sql.query(
                connection,
                JournalRows.EVENT
                    + " WHERE resource = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
                JournalRows::event,
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
}
