package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.Step;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What people ask, and what they are told. */
@Timeout(60)
final class CommandsTest {
  private static final String SWITCHOVER = "/api/v1/resources/postgres/orders/switchover";
  private static final String OPERATIONS = "/api/v1/resources/postgres/orders/operations/";

  private final List<Command> taken = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Operation> byKey = new HashMap<>();
  private Fixture fixture;
  private Http operator;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
    fixture.plane.onCommand((_, command) -> take(command));
    operator = fixture.as(Permission.OPERATOR);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /**
   * Begins what is asked for and leaves it running; the key of a request that began something finds
   * it again.
   */
  private synchronized Reply take(Command command) {
    taken.add(command);
    return switch (command) {
      case Command.Begin begin when begin.dryRun() ->
          new Reply.Preview(
              List.of(Step.act("checkpoint", new MemberId("a"), "write a checkpoint on a")),
              List.of(Step.act("promote", new MemberId("b"), "promote b").noReturn()));
      case Command.Begin begin -> new Reply.Accepted(begin(begin));
      case Command.Approve approve -> new Reply.Accepted(known(approve.number()));
      case Command.Reject reject -> new Reply.Accepted(known(reject.number()));
      case Command.Cancel cancel -> new Reply.Accepted(known(cancel.number()));
      case Command.Resume resume -> new Reply.Accepted(known(resume.number()));
      case Command.Note _, Command.Pause _, Command.Unpause _ -> new Reply.Noted();
      case Command.Resolve resolve -> new Reply.Accepted(known(resolve.number()));
    };
  }

  private Operation begin(Command.Begin begin) {
    String key = begin.idempotencyKey();
    Operation before = key == null ? null : byKey.get(key);
    if (before != null) {
      return before;
    }
    OperationId id = new OperationId(ORDERS, fixture.plane.nextNumber(ORDERS));
    Operation operation =
        Scenes.keyed(
            Scenes.operation(
                id,
                begin.type(),
                Details.of("from", "a").with(begin.input()),
                OperationState.RUNNING,
                begin.actor()),
            key);
    if (key != null) {
      byKey.put(key, operation);
    }
    fixture.plane.put(operation);
    return operation;
  }

  private Operation known(long number) {
    return fixture.plane.operation(new OperationId(ORDERS, number)).orElseThrow();
  }

  private Operation put(OperationState state, String type) {
    OperationId id = new OperationId(ORDERS, fixture.plane.nextNumber(ORDERS));
    Operation operation = Scenes.operation(id, type, Details.of("to", "b"), state, Actor.COTIDAL);
    fixture.plane.put(operation);
    return operation;
  }

  @Test
  @DisplayName("an action becomes a command with its input, its actor and its key")
  void begins() throws IOException {
    Http.Response answer =
        operator
            .with("Prefer", "wait=0")
            .with("Idempotency-Key", "k-1")
            .post(SWITCHOVER, "{\"to\":\"b\",\"why\":\"kernel update\"}");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("location")).isEqualTo(OPERATIONS + "1");
    JsonNode operation = answer.json();
    assertThat(operation.get("id").stringValue()).isEqualTo("postgres/orders#1");
    assertThat(operation.get("state").stringValue()).isEqualTo("running");
    assertThat(operation.get("risk").stringValue()).isEqualTo("disruptive");
    assertThat(operation.get("actor").stringValue()).isEqualTo("t1");
    assertThat(operation.get("approvedBy").isNull()).isTrue();
    assertThat(operation.get("input").get("to").stringValue()).isEqualTo("b");
    assertThat(operation.has("number")).isFalse();
    assertThat(taken)
        .containsExactly(
            new Command.Begin(
                new Actor("t1"),
                "switchover",
                Details.of("to", "b").with("why", "kernel update"),
                "k-1",
                false));
  }

  @Test
  @DisplayName("a pause becomes a command with its time and its reason; the answer is the resource")
  void pauses() throws IOException {
    String one = "/api/v1/resources/postgres/orders/";
    Http.Response paused =
        operator.post(one + "pause", "{\"seconds\":7200,\"reason\":\"new disks\"}");
    assertThat(paused.status()).isEqualTo(200);
    assertThat(paused.json().get("id").stringValue()).isEqualTo("postgres/orders");
    assertThat(paused.json().get("pause").isNull()).isTrue();
    assertThat(operator.post(one + "pause", "{}").status()).isEqualTo(200);
    assertThat(operator.post(one + "resume", "{}").status()).isEqualTo(200);
    assertThat(taken)
        .containsExactly(
            new Command.Pause(new Actor("t1"), Duration.ofHours(2), "new disks"),
            new Command.Pause(new Actor("t1"), Duration.ZERO, ""),
            new Command.Unpause(new Actor("t1")));
    for (String seconds : List.of("0", "-1", "2592001", "1.5", "\"2h\"", "true")) {
      assertThat(operator.post(one + "pause", "{\"seconds\":" + seconds + "}").status())
          .as(seconds)
          .isEqualTo(400);
    }
    assertThat(operator.post(one + "pause", "{\"reason\":\"\\n\"}").status()).isEqualTo(400);
    assertThat(fixture.as(Permission.USER).post(one + "pause", "{}").status()).isEqualTo(403);
    assertThat(taken).hasSize(3);
  }

  @Test
  @DisplayName("Prefer: wait answers 200 as soon as the operation ends, failed ones too")
  void waits() throws Exception {
    Thread end =
        Thread.ofVirtual()
            .start(() -> {
              org.awaitility.Awaitility.await().until(() -> !taken.isEmpty());
              Moment now = new Moment(0, Scenes.micros());
              fixture.plane.put(known(1).in(OperationState.FAILED, "b went away", now));
            });
    Http.Response answer = operator.with("Prefer", "respond-async, wait=30").post(SWITCHOVER, "{}");
    end.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("state").stringValue()).isEqualTo("failed");
    assertThat(answer.json().get("note").stringValue()).isEqualTo("b went away");
    assertThat(fixture.plane.listeners()).as("only the metrics still listen").isEqualTo(1);
  }

  @Test
  @DisplayName("nobody waits for what waits for a person")
  void proposed() throws IOException {
    fixture.plane.onCommand((_, _) -> new Reply.Accepted(put(OperationState.PROPOSED, "failover")));
    Http.Response answer = operator.with("Prefer", "wait=60").post(SWITCHOVER, "{}");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("state").stringValue()).isEqualTo("proposed");
  }

  @Test
  @DisplayName("a dry run answers the steps and begins nothing")
  void dryRun() throws IOException {
    Http.Response answer = operator.post(SWITCHOVER + "?dryRun=true", "{\"to\":\"b\"}");
    assertThat(answer.status()).isEqualTo(200);
    JsonNode step = answer.json().get("steps").get(0);
    assertThat(step.get("sentence").stringValue()).isEqualTo("write a checkpoint on a");
    assertThat(step.get("member").stringValue()).isEqualTo("a");
    assertThat(step.get("deadline").stringValue()).isEqualTo("PT10S");
    assertThat(step.get("whenUnknown").get("code").stringValue()).isEqualTo("fail");
    assertThat(step.has("isDecision")).isFalse();
    assertThat(answer.json().get("predicted").get(0).get("pointOfNoReturn").booleanValue())
        .isTrue();
    assertThat(fixture.plane.operations(ORDERS, 9)).isEmpty();
  }

  @Test
  @DisplayName("the same key again answers with the same operation; with another request it is 422")
  void idempotency() throws IOException {
    Http keyed = operator.with("Idempotency-Key", "k").with("Prefer", "wait=0");
    assertThat(keyed.post(SWITCHOVER, "{\"to\":\"b\"}").status()).isEqualTo(202);
    assertThat(keyed.post(SWITCHOVER, "{\"to\":\"b\"}").json().get("id").stringValue())
        .isEqualTo("postgres/orders#1");
    Http.Response other = keyed.post(SWITCHOVER, "{\"to\":\"c\"}");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("idempotency-mismatch");
    assertThat(other.json().get("operation").stringValue()).isEqualTo("postgres/orders#1");
    String rejoin = "/api/v1/resources/postgres/orders/rejoin";
    assertThat(keyed.post(rejoin, "{\"member\":\"b\"}").status()).isEqualTo(422);
    assertThat(operator.with("Idempotency-Key", "a b").post(SWITCHOVER, "{}").status())
        .isEqualTo(400);
    assertThat(fixture.plane.operations(ORDERS, 9)).hasSize(1);
  }

  @Test
  @DisplayName("input that does not fit the action's fields is refused before anything is asked")
  void input() throws IOException {
    String base = "/api/v1/resources/postgres/orders/";
    for (String[] odd :
        new String[][] {
          {"rejoin", "{}"},
          {"rejoin", "{\"member\":\"../x\"}"},
          {"rejoin", "{\"member\":\"A B\"}"},
          {"rejoin", "{\"member\":true}"},
          {"switchover", "{\"target\":\"b\"}"},
          {"switchover", "{\"why\":\"" + "x".repeat(201) + "\"}"},
          {"switchover", "{\"why\":\"a\\nb\"}"},
          {"failover", "{\"accept-loss\":\"yes\"}"},
          {"failover", "{\"accept-loss\":1}"}
        }) {
      Http.Response answer = operator.post(base + odd[0], odd[1]);
      assertThat(answer.status()).as(odd[1]).isEqualTo(400);
    }
    assertThat(taken).isEmpty();
    assertThat(operator.post(base + "failover", "{\"accept-loss\":true}").status()).isEqualTo(202);
    assertThat(((Command.Begin) taken.getFirst()).input())
        .isEqualTo(Details.of("accept-loss", "true"));
  }

  @Test
  @DisplayName(
      "approve, reject, cancel, resume and resolve reach the operation, with the caller's name")
  void onOperations() throws IOException {
    put(OperationState.PROPOSED, "failover");
    for (String verb : List.of("approve", "reject", "cancel", "resume")) {
      assertThat(operator.post(OPERATIONS + "1/" + verb, "{}").status()).isEqualTo(202);
    }
    assertThat(operator.post(OPERATIONS + "1/resolve", "{\"done\":true}").status()).isEqualTo(400);
    assertThat(operator.post(OPERATIONS + "1/resolve", "{\"done\":\"x\",\"word\":\"y\"}").status())
        .isEqualTo(400);
    operator.post(OPERATIONS + "1/resolve", "{\"done\":true,\"word\":\"I saw it\"}");
    Actor actor = new Actor("t1");
    assertThat(taken)
        .containsExactly(
            new Command.Approve(actor, 1),
            new Command.Reject(actor, 1),
            new Command.Cancel(actor, 1),
            new Command.Resume(actor, 1),
            new Command.Resolve(actor, 1, true, "I saw it"));
    assertThat(operator.post(OPERATIONS + "9/approve", "{}").status()).isEqualTo(404);
    assertThat(operator.post(OPERATIONS + "x/approve", "{}").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("an approval takes the role of the action that it lets run")
  void approvalNeedsTheRole() throws IOException {
    put(OperationState.PROPOSED, "purge");
    assertThat(operator.post(OPERATIONS + "1/approve", "{}").status()).isEqualTo(403);
    assertThat(operator.post(OPERATIONS + "1/approve?dryRun=true", "{}").status()).isEqualTo(403);
    assertThat(taken).isEmpty();
    assertThat(fixture.as(Permission.ADMIN).post(OPERATIONS + "1/approve", "{}").status())
        .isEqualTo(202);
  }

  @Test
  @DisplayName("an approval's dry run answers the proposal's steps")
  void approvalDryRun() throws IOException {
    put(OperationState.PROPOSED, "failover");
    Http.Response answer = operator.post(OPERATIONS + "1/approve?dryRun=true", "{}");
    assertThat(answer.json().get("steps")).hasSize(1);
    assertThat(((Command.Begin) taken.getFirst()).dryRun()).isTrue();
  }

  @Test
  @DisplayName("each reply has its status and its problem")
  void replies() throws IOException {
    Operation holder = put(OperationState.RUNNING, "failover");
    Map<Reply, String> codes =
        Map.of(
            new Reply.Conflict(holder, "busy"), "conflict",
            new Reply.NotFound("operation 7"), "not-found",
            new Reply.Invalid("to: b is not a replica"), "bad-request",
            new Reply.NotLeading("another leads"), "not-leading",
            new Reply.StoreFailed("disk full"), "store-failed");
    for (Map.Entry<Reply, String> entry : codes.entrySet()) {
      fixture.plane.onCommand((_, _) -> entry.getKey());
      Http.Response answer = operator.post(SWITCHOVER, "{}");
      assertThat(answer.code()).isEqualTo(entry.getValue());
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.json().get("status").intValue()).isEqualTo(answer.status());
      assertThat(answer.json().get("title").stringValue()).isNotBlank();
      assertThat(answer.json().get("detail").stringValue()).isNotBlank();
    }
    fixture.plane.onCommand((_, _) -> new Reply.Conflict(holder, "busy"));
    assertThat(operator.post(SWITCHOVER, "{}").json().get("operation").stringValue())
        .isEqualTo("postgres/orders#1");
  }

  @Test
  @DisplayName("a fault of ours is 500 without its inside")
  void fault() throws IOException {
    fixture.plane.onCommand((_, _) -> {
      throw new IllegalStateException("secret inside");
    });
    Http.Response answer = operator.post(SWITCHOVER, "{}");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret inside");
  }
}
