package io.cotidal.server;

import static io.cotidal.server.CopiesFixture.BASE;
import static io.cotidal.server.fake.Scenes.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Declined.Why;
import io.cotidal.engine.Reply;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What asking for an item answers. */
@Timeout(60)
final class MakingItemsTest {
  private CopiesFixture copies;
  private Fixture fixture;
  private Http ann;

  @BeforeEach
  void start() throws IOException {
    copies = new CopiesFixture();
    fixture = copies.fixture;
    ann = copies.ann;
  }

  @AfterEach
  void stop() {
    copies.close();
  }

  @Test
  @DisplayName("a command carries its caller's role")
  void role() throws IOException {
    AtomicReference<Command> taken = new AtomicReference<>();
    fixture.plane.onCommand((_, command) -> {
      taken.set(command);
      return new Reply.Invalid("seen");
    });
    Http.Response refused = ann.post(BASE + "create", "{\"name\":\"x-1\"}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(taken.get())
        .isEqualTo(
            new Command.Begin(
                new Actor("ann"),
                Permission.USER,
                "create",
                Details.of("name", "x-1"),
                null,
                false));
    taken.set(null);
    Http.Response odd = ann.post(BASE + "create", "{\"name\":\"../x\"}");
    assertThat(odd.status()).isEqualTo(400);
    assertThat(odd.json().get("detail").stringValue()).contains("1 to 63 of a-z 0-9 . _ -");
    assertThat(taken.get()).isNull();
  }

  @Test
  @DisplayName(
      "a copy that is made in time answers 201 with its place, else 202 with the operation")
  void created() throws IOException {
    fixture.plane.onCommand((_, _) -> {
      Operation running =
          copies.put("create", "new-copy", new Actor("ann"), OperationState.RUNNING);
      fixture.plane.change(
          SHOP,
          view -> {
            List<Item> items = new ArrayList<>(view.items());
            items.add(
                new Item(
                    "copy",
                    "new-copy",
                    "ann",
                    "ready",
                    Details.NONE,
                    running.createdMicros() + 5,
                    0));
            return view.withItems(items);
          });
      fixture.plane.put(running.in(OperationState.DONE, "", new io.cotidal.model.Moment(0, 9)));
      return new Reply.Accepted(running);
    });
    Http.Response made =
        ann.with("Prefer", "wait").post(BASE + "create", "{\"name\":\"new-copy\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("location")).isEqualTo(BASE + "items/copy/new-copy");
    assertThat(made.json().get("state").stringValue()).isEqualTo("done");
    fixture.plane.onCommand((_, _) ->
        new Reply.Accepted(
            copies.put("create", "slow-copy", new Actor("ann"), OperationState.RUNNING)));
    Http.Response slow =
        ann.with("Prefer", "wait=0").post(BASE + "create", "{\"name\":\"slow-copy\"}");
    assertThat(slow.status()).isEqualTo(202);
    assertThat(slow.header("location")).isEqualTo(BASE + "operations/2");
    Operation reset = copies.put("reset", "anns-copy", new Actor("ann"), OperationState.DONE);
    fixture.plane.onCommand((_, _) -> new Reply.Accepted(reset));
    assertThat(ann.post(BASE + "reset", "{\"name\":\"anns-copy\"}").status())
        .as("an item that was there before was not created")
        .isEqualTo(200);
  }

  @Test
  @DisplayName("what is declined has a status and a problem of its own, each with a hint")
  void declined() throws IOException {
    Map<Why, String> answers =
        Map.of(
            Why.NOT_FOUND, "404 not-found",
            Why.EXISTS, "409 exists",
            Why.FORBIDDEN, "403 forbidden",
            Why.TOO_MANY, "429 limit-reached",
            Why.NO_ROOM, "507 no-room",
            Why.NOT_YET, "423 not-yet");
    assertThat(answers).hasSize(Why.values().length);
    for (Map.Entry<Why, String> entry : answers.entrySet()) {
      fixture.plane.onCommand((_, _) -> new Reply.Declined(entry.getKey(), "because"));
      Http.Response answer = ann.post(BASE + "create", "{\"name\":\"anns-copy\"}");
      assertThat(answer.status() + " " + answer.code()).isEqualTo(entry.getValue());
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.json().get("detail").stringValue()).isEqualTo("because");
      assertThat(answer.json().get("hint").stringValue()).isNotBlank();
      assertThat(answer.header("location"))
          .isEqualTo(entry.getKey() == Why.EXISTS ? BASE + "items/copy/anns-copy" : null);
    }
    fixture.plane.onCommand((_, _) -> new Reply.Declined(Why.EXISTS, "because"));
    assertThat(ann.post(BASE + "create", "{\"name\":\"bobs-copy\"}").header("location"))
        .as("the place of another's copy is not told")
        .isNull();
  }

  @Test
  @DisplayName("a key of another caller begins nothing and shows nothing of what that one began")
  void othersKey() throws IOException {
    Operation others = copies.put("create", "bobs-copy", new Actor("bob"), OperationState.RUNNING);
    fixture.plane.onCommand((_, _) -> new Reply.Accepted(Scenes.keyed(others, "k")));
    Http.Response answer =
        ann.with("Idempotency-Key", "k").post(BASE + "create", "{\"name\":\"bobs-copy\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).doesNotContain("\"input\"");
  }

  @Test
  @DisplayName("an operation in the way that belongs to another is not named")
  void conflict() throws IOException {
    Operation others = copies.put("create", "bobs-copy", new Actor("bob"), OperationState.RUNNING);
    fixture.plane.onCommand((_, _) -> new Reply.Conflict(others, "create of bobs-copy is running"));
    Http.Response answer = ann.post(BASE + "create", "{\"name\":\"c\"}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).doesNotContain("bobs-copy", "operation\"");
  }
}
