package io.cotidal.server.api;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.Reply;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.events.OperationWatch;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Kinds;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Hands a command to the control plane and says in HTTP what came of it. */
final class Replies {
  /** No reply takes longer: one commit of the journal, not the operation. */
  private static final long PATIENCE_SECONDS = 30;

  private final ControlPlane plane;
  private final Sight sight;

  Replies(ControlPlane plane, Sight sight) {
    this.plane = plane;
    this.sight = sight;
  }

  /** Sends {@code command}; waits as long as the call prefers for an operation to end. */
  Answer send(Call call, ResourceId resource, Command command) throws InterruptedException {
    try (OperationWatch watch = new OperationWatch(plane)) {
      return answer(new Question(call, resource, command), reply(resource, command), watch);
    }
  }

  /**
   * Whether a command that only says what it would do would do anything.
   *
   * @return the answer to the call if it would not, or if it was done before under the same key
   */
  Optional<Answer> rehearsed(Call call, ResourceId resource, Command.Begin rehearsal)
      throws InterruptedException {
    try (OperationWatch watch = new OperationWatch(plane)) {
      Reply reply = reply(resource, rehearsal);
      return reply instanceof Reply.Preview
          ? Optional.empty()
          : Optional.of(answer(new Question(call, resource, rehearsal), reply, watch));
    }
  }

  private record Question(Call call, ResourceId resource, Command command) {}

  private Answer answer(Question asked, Reply reply, OperationWatch watch)
      throws InterruptedException {
    Call call = asked.call();
    Duration wait = Preferences.waiting(call.header("Prefer").orElse(""));
    return switch (reply) {
      case Reply.Accepted accepted -> accepted(accepted.operation(), asked.command(), watch, wait);
      case Reply.Declined declined -> declined(call, asked.resource(), asked.command(), declined);
      case Reply.Noted _ -> Answer.empty(204);
      case Reply.Preview preview ->
          Answer.ok(new Views.Preview(preview.steps(), preview.predicted()));
      case Reply.Conflict conflict -> conflict(call, conflict);
      case Reply.NotFound missing -> Problem.of(Code.NOT_FOUND, missing.what()).answer();
      case Reply.Invalid invalid -> Problem.of(Code.BAD_REQUEST, invalid.reason()).answer();
      case Reply.NotLeading other ->
          Problem.of(Code.NOT_LEADING, other.reason(), "ask the control plane that leads").answer();
      case Reply.StoreFailed failed ->
          Problem.of(Code.STORE_FAILED, failed.reason(), "see cot doctor; nothing was changed")
              .answer();
    };
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

  private Answer conflict(Call call, Reply.Conflict conflict) {
    OperationId holder = conflict.holder().id();
    return sight.sees(call.caller(), conflict.holder())
        ? new Problem(
                Code.CONFLICT,
                conflict.reason(),
                "wait for operation " + holder + ", or cancel it",
                holder.toString())
            .answer()
        : Problem.of(
                Code.CONFLICT, "something else is under way on " + holder.resource(), "try again")
            .answer();
  }

  private Answer declined(
      Call call, ResourceId resource, Command command, Reply.Declined declined) {
    String reason = declined.reason();
    return switch (declined.why()) {
      case NOT_FOUND -> Problem.of(Code.NOT_FOUND, reason, "see cot status " + resource).answer();
      case EXISTS -> {
        Answer.Whole answer =
            Problem.of(Code.EXISTS, reason, "use another name, or delete that one first").answer();
        yield existing(call, resource, command)
            .map(item -> answer.with("Location", ItemRoutes.location(resource, item)))
            .orElse(answer);
      }
      case FORBIDDEN ->
          Problem.of(Code.FORBIDDEN, reason, "ask its owner, or an operator").answer();
      case TOO_MANY ->
          Problem.of(Code.LIMIT_REACHED, reason, "delete what is not needed, or let it expire")
              .answer();
      case NO_ROOM ->
          Problem.of(Code.NO_ROOM, reason, "delete what is not needed, or make room").answer();
      case NOT_YET ->
          Problem.of(Code.NOT_YET, reason, "try again when it is ready")
              .answer()
              .with("Retry-After", "5");
    };
  }

  /** The item of the caller whose name is in the command's input. */
  private Optional<Item> existing(Call call, ResourceId resource, Command command) {
    if (!(command instanceof Command.Begin begin)) {
      return Optional.empty();
    }
    Set<String> names = Set.copyOf(begin.input().entries().values());
    return plane.resource(resource).stream()
        .flatMap(view -> view.items().stream())
        .filter(item -> !item.owner().isEmpty() && names.contains(item.name()))
        .filter(item -> sight.sees(call.caller(), item))
        .findFirst();
  }

  private Answer accepted(Operation taken, Command command, OperationWatch watch, Duration wait)
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
    Optional<Item> made = made(operation);
    if (made.isPresent()) {
      return Answer.json(201, operation)
          .with("Location", ItemRoutes.location(operation.id().resource(), made.get()));
    }
    return operation.state().ended()
        ? Answer.json(200, operation).with("Location", place)
        : Answer.json(202, operation).with("Location", place).with("Retry-After", "1");
  }

  /** The item that a done operation made, if it made one and that is still there. */
  private Optional<Item> made(Operation operation) {
    if (operation.state() != OperationState.DONE) {
      return Optional.empty();
    }
    Set<String> keys =
        operation.steps().stream()
            .flatMap(row -> row.step().items().stream())
            .filter(ItemChange.Put.class::isInstance)
            .map(change -> Item.key(change.sort(), change.name()))
            .collect(Collectors.toSet());
    return plane.resource(operation.id().resource()).stream()
        .flatMap(view -> view.items().stream())
        .filter(
            item -> keys.contains(item.key()) && item.createdMicros() >= operation.createdMicros())
        .findFirst();
  }

  /**
   * Whether {@code taken} can have been begun by {@code begin}. A kind completes the input that was
   * asked for, with the primary that is to be replaced for example, so an operation holds more than
   * its request did; of what was asked, only a flag that is not set may be missing.
   */
  private static boolean sameRequest(Command.Begin begin, Operation taken) {
    return begin.idempotencyKey() == null
        || (begin.type().equals(taken.input().get(Kind.ASKED_AS, taken.type()))
            && begin.actor().equals(taken.actor())
            && begin.input().entries().entrySet().stream()
                .allMatch(
                    asked -> asked.getValue().equals(taken.input().get(asked.getKey(), "false"))));
  }

  private static String location(OperationId id) {
    return Kinds.RESOURCES + "/" + id.resource() + "/operations/" + id.number();
  }
}
