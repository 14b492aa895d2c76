package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.model.OperationId;
import java.util.Map;

/** A person's word on an operation that needs no waiting: reject, cancel, resolve. */
final class OperationChange {
  private final Session session;

  OperationChange(Session session) {
    this.session = session;
  }

  /**
   * Sends it, and shows how the operation stands behind it. The word was taken: that is a success.
   */
  ExitCode tell(OperationId id, String verb, Map<String, Object> body) {
    Node operation = new Beginning(session).tell(id, verb, body);
    switch (session.output()) {
      case TABLE -> session.line(OperationScreen.summary(operation));
      case NAME -> session.line(operation.text("id"));
      case JSON, YAML -> session.record(operation);
    }
    if (operation.text("state").equals("cancelling")) {
      session.say("cot: what was begun is ended in order: cot op watch " + id);
    }
    return ExitCode.OK;
  }
}
