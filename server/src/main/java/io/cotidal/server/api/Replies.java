package io.cotidal.server.api;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Kinds;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hands a command to the control plane and says in HTTP what came of it. */
final class Replies {
  /** No reply takes longer: one commit of the journal, not the operation. */
  private static final long PATIENCE_SECONDS = 30;

  private final ControlPlane plane;

  Replies(ControlPlane plane) {
    this.plane = plane;
  }

  /** Sends {@code command}; waits as long as the call prefers for an operation to end. */
  Answer send(Call call, ResourceId resource, Command command) throws InterruptedException {
    Duration wait = Preferences.waiting(call.header("Prefer").orElse(""));
    try (OperationWatch watch = new OperationWatch(plane)) {
      return switch (reply(resource, command)) {
        case Reply.Accepted accepted -> accepted(accepted.operation(), command, watch, wait);
        case Reply.Preview preview ->
            Answer.ok(new Views.Preview(preview.steps(), preview.predicted()));
        case Reply.Conflict conflict ->
            new Problem(
                    Code.CONFLICT,
                    conflict.reason(),
                    "wait for operation " + conflict.holder().id() + ", or cancel it",
                    conflict.holder().id().toString())
                .answer();
        case Reply.NotFound missing -> Problem.of(Code.NOT_FOUND, missing.what()).answer();
        case Reply.Invalid invalid -> Problem.of(Code.BAD_REQUEST, invalid.reason()).answer();
        case Reply.NotLeading other ->
            Problem.of(Code.NOT_LEADING, other.reason(), "ask the control plane that leads")
                .answer();
        case Reply.StoreFailed failed ->
            Problem.of(Code.STORE_FAILED, failed.reason(), "see cot doctor; nothing was changed")
                .answer();
      };
    }
  }

  private Reply reply(ResourceId resource, Command command) throws InterruptedException {
    try {
      return plane.command(resource, command).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw Problem.of(Code.STOPPING, "the daemon is stopping").refusal();
    } catch (TimeoutException e) {
      throw Problem.of(
              Code.STORE_FAILED,
              "the journal has not answered in " + PATIENCE_SECONDS + " s; it may still take it",
              "look at the operations before asking again")
          .refusal();
    }
  }

  private static Answer accepted(
      Operation taken, Command command, OperationWatch watch, Duration wait)
      throws InterruptedException {
    if (command instanceof Command.Begin begin && !sameRequest(begin, taken)) {
      return new Problem(
              Code.IDEMPOTENCY_MISMATCH,
              "the key began " + taken.id() + ", which is another request",
              "use a new key for a new request",
              taken.id().toString())
          .answer();
    }
    Operation operation = watch.settled(taken, wait);
    String place = location(operation.id());
    return operation.state().ended()
        ? Answer.json(200, operation).with("Location", place)
        : Answer.json(202, operation).with("Location", place).with("Retry-After", "1");
  }

  /**
   * Whether {@code taken} can have been begun by {@code begin}. A kind completes the input that was
   * asked for, with the primary that is to be replaced for example, so an operation holds more than
   * its request did; of what was asked, only a flag that is not set may be missing.
   */
  private static boolean sameRequest(Command.Begin begin, Operation taken) {
    return begin.idempotencyKey() == null
        || (begin.type().equals(taken.type())
            && begin.input().entries().entrySet().stream()
                .allMatch(
                    asked -> asked.getValue().equals(taken.input().get(asked.getKey(), "false"))));
  }

  private static String location(OperationId id) {
    return Kinds.RESOURCES + "/" + id.resource() + "/operations/" + id.number();
  }
}
