package io.cotidal.store;

import static io.cotidal.store.Codec.details;
import static io.cotidal.store.Codec.word;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Actor;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of operations, steps and events, and what they mean: the reverse of what {@link
 * BatchRows} writes.
 */
final class JournalRows {
  static final String OPERATION =
      """
      SELECT resource, number, type, version, input, risk, state, reason, note, proposal_key, basis,
        actor, approved_by, idempotency_key, cancel_requested, locks, created_micros,
        approved_micros, started_micros, ended_micros
      FROM operation
      """;

  static final String STEP =
      """
      SELECT operation, sequence, step_key, act, member, arguments, sentence, needs, deadline,
        when_unknown, decision_point, point_of_no_return, ledger, items, attempt, state, epoch, evidence,
        problem, started_micros, ended_micros
      FROM step
      """;

  static final String EVENT =
      """
      SELECT sequence, resource, micros, severity, code, operation, actor, sentence, details
      FROM event
      """;

  private JournalRows() {}

  static Operation operation(ResultSet row) throws SQLException {
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

  static StepRecord step(ResultSet row) throws SQLException {
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

  static LoggedEvent event(ResultSet row) throws SQLException {
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
