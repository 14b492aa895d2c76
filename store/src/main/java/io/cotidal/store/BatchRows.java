package io.cotidal.store;

import static io.cotidal.store.Codec.details;
import static io.cotidal.store.Codec.sentence;
import static io.cotidal.store.Codec.word;

import io.cotidal.engine.Row;
import io.cotidal.engine.Store.Batch;
import io.cotidal.model.Actor;
import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes the rows of a batch, in the caller's transaction. */
final class BatchRows {
  private final Connection connection;
  private final Batch batch;
  private final String resource;

  private BatchRows(Connection connection, Batch batch) {
    this.connection = connection;
    this.batch = batch;
    this.resource = batch.resource().toString();
  }

  /**
   * Writes all rows; false, with some of them perhaps written, if the store's epoch is another one.
   */
  static boolean write(Connection connection, Batch batch) throws SQLException {
    return new BatchRows(connection, batch).write();
  }

  private boolean write() throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO resource (id, epoch, ledger, last_number) VALUES (?, 0, '{}', 0)
        ON CONFLICT (id) DO NOTHING
        """,
        resource);
    boolean raises = batch.rows().stream().anyMatch(Row.RaiseEpoch.class::isInstance);
    if (!raises && !holds(batch.epoch())) {
      return false;
    }
    Sql.update(
        connection,
        "INSERT INTO batch (resource, id, number) VALUES (?, ?, ?)",
        resource,
        batch.id(),
        next("batch"));
    for (Row row : batch.rows()) {
      if (!write(row)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes nothing new, yet locks the row: in a store with several writers the epoch stands until
   * the commit.
   */
  private boolean holds(long epoch) throws SQLException {
    return Sql.update(
            connection,
            "UPDATE resource SET epoch = epoch WHERE id = ? AND epoch = ?",
            resource,
            epoch)
        == 1;
  }

  private long next(String counter) throws SQLException {
    return Sql.number(
        connection, "UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value", counter);
  }

  private boolean write(Row row) throws SQLException {
    switch (row) {
      case Row.RaiseEpoch raise -> {
        return raise(raise);
      }
      case Row.PutOperation put -> operation(put.operation());
      case Row.PutStep put -> step(put.operation(), put.step());
      case Row.DropStep drop -> drop(drop);
      case Row.PutLedger put ->
          Sql.update(
              connection,
              "UPDATE resource SET ledger = ? WHERE id = ?",
              details(put.ledger()),
              resource);
      case Row.PutPause put ->
          Sql.update(
              connection,
              "UPDATE resource SET pause = ? WHERE id = ?",
              PauseColumn.text(put.pause()),
              resource);
      case Row.PutItem put -> ItemRows.put(connection, resource, put.item());
      case Row.DropItem drop -> ItemRows.drop(connection, resource, drop.sort(), drop.name());
      case Row.Append append -> event(append.event());
    }
    return true;
  }

  private boolean raise(Row.RaiseEpoch row) throws SQLException {
    return Sql.update(
            connection,
            "UPDATE resource SET epoch = ? WHERE id = ? AND epoch = ? AND epoch < ?",
            row.to(),
            resource,
            row.from(),
            row.to())
        == 1;
  }

  private void operation(Operation operation) throws SQLException {
    if (!operation.id().resource().equals(batch.resource())) {
      throw new IllegalArgumentException(
          "operation " + operation.id() + " in a batch of " + resource);
    }
    Sql.update(
        connection,
        """
        INSERT INTO operation (
          resource, number, type, version, input, risk, state, is_open, reason, note, proposal_key,
          basis, actor, approved_by, idempotency_key, cancel_requested, locks, created_micros,
          approved_micros, started_micros, ended_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (resource, number) DO UPDATE SET
          type = excluded.type, version = excluded.version, input = excluded.input,
          risk = excluded.risk, state = excluded.state, is_open = excluded.is_open,
          reason = excluded.reason, note = excluded.note, proposal_key = excluded.proposal_key,
          basis = excluded.basis, actor = excluded.actor, approved_by = excluded.approved_by,
          idempotency_key = excluded.idempotency_key,
          cancel_requested = excluded.cancel_requested, locks = excluded.locks,
          created_micros = excluded.created_micros, approved_micros = excluded.approved_micros,
          started_micros = excluded.started_micros, ended_micros = excluded.ended_micros
        """,
        resource,
        operation.number(),
        operation.type(),
        operation.version(),
        details(operation.input()),
        word(operation.risk()),
        word(operation.state()),
        flag(!operation.state().ended()),
        sentence(operation.reason()),
        sentence(operation.note()),
        operation.key(),
        operation.basis(),
        sentence(operation.actor().name()),
        name(operation.approvedBy()),
        operation.idempotencyKey(),
        flag(operation.cancelRequested()),
        Codec.locks(operation.locks()),
        operation.createdMicros(),
        operation.approvedMicros(),
        operation.startedMicros(),
        operation.endedMicros());
    Sql.update(
        connection,
        "UPDATE resource SET last_number = ? WHERE id = ? AND last_number < ?",
        operation.number(),
        resource,
        operation.number());
  }

  private void step(long operation, StepRecord row) throws SQLException {
    Step step = row.step();
    MemberId member = step.member();
    Sql.update(
        connection,
        """
        INSERT INTO step (
          resource, operation, sequence, step_key, act, member, arguments, sentence, needs,
          deadline, when_unknown, decision_point, point_of_no_return, ledger, items, attempt, state,
          epoch, evidence, problem, started_micros, ended_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (resource, operation, sequence) DO UPDATE SET
          step_key = excluded.step_key, act = excluded.act, member = excluded.member,
          arguments = excluded.arguments, sentence = excluded.sentence, needs = excluded.needs,
          deadline = excluded.deadline, when_unknown = excluded.when_unknown,
          decision_point = excluded.decision_point,
          point_of_no_return = excluded.point_of_no_return, ledger = excluded.ledger,
          items = excluded.items,
          attempt = excluded.attempt, state = excluded.state, epoch = excluded.epoch,
          evidence = excluded.evidence, problem = excluded.problem,
          started_micros = excluded.started_micros, ended_micros = excluded.ended_micros
        """,
        resource,
        operation,
        row.sequence(),
        step.key(),
        step.act(),
        member == null ? null : member.name(),
        details(step.arguments()),
        sentence(step.sentence()),
        Codec.texts(step.needs()),
        step.deadline().toString(),
        Codec.whenUnknown(step.whenUnknown()),
        flag(step.decisionPoint()),
        flag(step.pointOfNoReturn()),
        details(step.ledger()),
        ItemRows.changes(step.items()),
        row.attempt(),
        word(row.state()),
        row.epoch(),
        details(row.evidence()),
        sentence(row.problem()),
        row.startedMicros(),
        row.endedMicros());
  }

  /**
   * Only a planned step can go: what was intended may have taken effect, and the journal must say
   * so.
   */
  private void drop(Row.DropStep row) throws SQLException {
    Sql.update(
        connection,
        """
        DELETE FROM step
        WHERE resource = ? AND operation = ? AND sequence = ? AND state = 'planned'
        """,
        resource,
        row.operation(),
        row.sequence());
    long left =
        Sql.number(
            connection,
            "SELECT COUNT(*) FROM step WHERE resource = ? AND operation = ? AND sequence = ?",
            resource,
            row.operation(),
            row.sequence());
    if (left > 0) {
      throw new IllegalStateException(
          "step "
              + row.sequence()
              + " of "
              + resource
              + "#"
              + row.operation()
              + " has begun and cannot be dropped");
    }
  }

  private void event(Event event) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO event (
          sequence, resource, micros, severity, code, operation, actor, sentence, details)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        next("event"),
        event.resource().toString(),
        event.micros(),
        word(event.severity()),
        event.code(),
        event.operation(),
        name(event.actor()),
        sentence(event.text()),
        details(event.details()));
  }

  private static @Nullable String name(@Nullable Actor actor) {
    return actor == null ? null : sentence(actor.name());
  }

  private static int flag(boolean value) {
    return value ? 1 : 0;
  }
}
