package io.cotidal.server;

import static io.cotidal.server.CopiesFixture.BASE;
import static io.cotidal.server.CopiesFixture.CANARY;
import static io.cotidal.server.fake.Scenes.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Progress;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Items: who sees them, and how they are reached. */
@Timeout(60)
final class ItemsTest {
  private CopiesFixture copies;
  private Fixture fixture;
  private Http ann;
  private Http bob;
  private Http viewer;
  private Http operator;

  @BeforeEach
  void start() throws IOException {
    copies = new CopiesFixture();
    fixture = copies.fixture;
    ann = copies.ann;
    bob = copies.bob;
    viewer = copies.viewer;
    operator = copies.operator;
  }

  @AfterEach
  void stop() {
    copies.close();
  }

  private static List<String> keys(JsonNode items) {
    List<String> keys = new ArrayList<>();
    items.forEach(
        item -> keys.add(item.get("sort").stringValue() + "/" + item.get("name").stringValue()));
    return keys;
  }

  @Test
  @DisplayName("items are listed by sort and name; below operator only one's own and nobody's")
  void lists() throws IOException {
    assertThat(keys(operator.get(BASE + "items").json().get("items")))
        .containsExactly("copy/anns-copy", "copy/bobs-copy", "generation/g3");
    assertThat(keys(ann.get(BASE + "items").json().get("items")))
        .containsExactly("copy/anns-copy", "generation/g3");
    assertThat(keys(ann.get(BASE + "items?sort=copy").json().get("items")))
        .containsExactly("copy/anns-copy");
    assertThat(keys(viewer.get(BASE + "items").json().get("items")))
        .containsExactly("generation/g3");
    assertThat(ann.get(BASE + "items?sort=A").status()).isEqualTo(400);
    JsonNode item = ann.get(BASE + "items/copy/anns-copy").json();
    assertThat(item.propertyNames())
        .containsExactly(
            "sort", "name", "owner", "state", "facts", "createdMicros", "expiresMicros");
    assertThat(item.get("facts").get("port").stringValue()).isEqualTo("5501");
  }

  @Test
  @DisplayName("another's item is not there, in any route, as far as a user can tell")
  void othersAreNotThere() throws IOException {
    for (String place : List.of("items/copy/bobs-copy", "items/copy/bobs-copy/access")) {
      Http.Response hidden = ann.get(BASE + place);
      Http.Response missing = ann.get(BASE + place.replace("bobs-copy", "no-copy"));
      assertThat(hidden.status()).as(place).isEqualTo(404);
      assertThat(hidden.body().replace("bobs-copy", "no-copy")).isEqualTo(missing.body());
    }
    for (Http client : List.of(ann, viewer)) {
      for (String place :
          List.of("/api/v1/resources", BASE.replaceAll("/$", ""), BASE + "plan", BASE + "items")) {
        assertThat(client.get(place).body()).as(place).doesNotContain("bobs-copy");
      }
    }
    assertThat(operator.get("/api/v1/resources").body()).contains("bobs-copy");
  }

  @Test
  @DisplayName("how a copy is reached is told to its owner and operators, uncached, uncompressed")
  void access() throws IOException {
    Http.Response told =
        ann.with("Accept-Encoding", "gzip").get(BASE + "items/copy/anns-copy/access");
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.json().get("access").get("url").stringValue()).isEqualTo(CANARY);
    assertThat(told.header("cache-control")).isEqualTo("no-store");
    assertThat(told.header("content-encoding")).isNull();
    assertThat(ann.with("Accept-Encoding", "gzip").get(BASE + "items").header("content-encoding"))
        .as("other answers are compressed")
        .isEqualTo("gzip");
    assertThat(bob.get(BASE + "items/copy/anns-copy/access").status()).isEqualTo(404);
    assertThat(viewer.get(BASE + "items/copy/anns-copy/access").status()).isEqualTo(403);
    assertThat(operator.get(BASE + "items/copy/anns-copy/access").status()).isEqualTo(200);
    for (String place : List.of("items/copy/anns-copy", "items")) {
      assertThat(ann.get(BASE + place).body()).doesNotContain("canary");
    }
  }

  @Test
  @DisplayName("what belongs to nobody is reached by nobody; what cannot be found out is 423")
  void noAccess() throws IOException {
    assertThat(ann.get(BASE + "items/generation/g3/access").status()).isEqualTo(404);
    assertThat(operator.get(BASE + "items/generation/g3/access").status()).isEqualTo(404);
    fixture.plane.onAccess((_, _) -> {
      throw new IllegalStateException("anns-copy is being made");
    });
    Http.Response later = ann.get(BASE + "items/copy/anns-copy/access");
    assertThat(later.status()).isEqualTo(423);
    assertThat(later.code()).isEqualTo("not-yet");
    assertThat(later.json().get("detail").stringValue()).isEqualTo("anns-copy is being made");
  }

  @Test
  @DisplayName("operations on another's copy are hidden; imports and one's own are shown")
  void operations() throws IOException {
    Operation others = copies.put("create", "bobs-copy", new Actor("bob"), OperationState.RUNNING);
    Operation own = copies.put("create", "anns-copy", new Actor("ann"), OperationState.RUNNING);
    Operation cotidals = copies.put("delete", "anns-copy", Actor.COTIDAL, OperationState.RUNNING);
    Operation forAll = copies.put("import", "dump", new Actor("otto"), OperationState.RUNNING);
    fixture.plane.change(
        SHOP,
        view ->
            withProgress(
                view,
                Map.of(
                    others.number() + ".1", new Progress(1, 2, "bytes"),
                    own.number() + ".1", new Progress(1, 2, "bytes"))));
    String list = ann.get(BASE + "operations?limit=3").body();
    assertThat(list).contains(own.id() + "", cotidals.id() + "", forAll.id() + "");
    assertThat(list).doesNotContain(others.id() + "\"", "bobs-copy");
    JsonNode view = ann.get(BASE.replaceAll("/$", "")).json();
    assertThat(view.get("operations")).hasSize(3);
    assertThat(view.get("progress").propertyNames()).containsExactly(own.number() + ".1");
    assertThat(ann.get(BASE + "operations/" + others.number()).status()).isEqualTo(404);
    assertThat(ann.get(BASE + "operations/" + own.number()).status()).isEqualTo(200);
    assertThat(operator.get(BASE + "operations/" + others.number()).status()).isEqualTo(200);
    assertThat(operator.get(BASE + "operations").json().get("operations")).hasSize(4);
  }

  @Test
  @DisplayName("who asked for an operation may end it early; another's is not there, a seen one no")
  void cancel() throws IOException {
    List<Command> taken = new ArrayList<>();
    fixture.plane.onCommand((_, command) -> {
      taken.add(command);
      return new Reply.NotFound("recorded");
    });
    Operation own = copies.put("create", "anns-copy", new Actor("ann"), OperationState.RUNNING);
    Operation bobs = copies.put("create", "bobs-copy", new Actor("bob"), OperationState.RUNNING);
    Operation cotidals = copies.put("delete", "anns-copy", Actor.COTIDAL, OperationState.RUNNING);
    assertThat(ann.post(BASE + "operations/" + bobs.number() + "/cancel", "{}").status())
        .isEqualTo(404);
    assertThat(ann.post(BASE + "operations/" + cotidals.number() + "/cancel", "{}").status())
        .isEqualTo(403);
    assertThat(viewer.post(BASE + "operations/" + own.number() + "/cancel", "{}").status())
        .isEqualTo(403);
    for (String verb : List.of("approve", "reject", "resume")) {
      assertThat(ann.post(BASE + "operations/" + own.number() + "/" + verb, "{}").status())
          .as(verb)
          .isEqualTo(403);
    }
    assertThat(taken).isEmpty();
    ann.post(BASE + "operations/" + own.number() + "/cancel", "{}");
    operator.post(BASE + "operations/" + bobs.number() + "/cancel", "{}");
    assertThat(taken)
        .containsExactly(
            new Command.Cancel(new Actor("ann"), own.number()),
            new Command.Cancel(new Actor("otto"), bobs.number()));
  }

  private static ResourceView withProgress(ResourceView view, Map<String, Progress> progress) {
    return new ResourceView(
        view.id(),
        view.micros(),
        view.mode(),
        view.leading(),
        view.epoch(),
        Scenes.verdict("copies-down", "these do not run: bobs-copy", Severity.WARNING),
        false,
        List.of(
            new Wanted("start", Details.of("name", "bobs-copy"), "it does not run", true),
            new Wanted("start", Details.of("name", "anns-copy"), "it does not run", true)),
        view.guarantee(),
        view.ledger(),
        view.members(),
        view.links(),
        view.operations(),
        progress,
        view.items());
  }

  @Test
  @DisplayName("a diagnosis and a plan that name another's copy are told without the name")
  void diagnosis() throws IOException {
    fixture.plane.change(SHOP, view -> withProgress(view, Map.of()));
    JsonNode plan = ann.get(BASE + "plan").json();
    assertThat(plan.toString()).doesNotContain("bobs-copy");
    assertThat(plan.get("diagnosis").get("code").stringValue()).isEqualTo("copies-down");
    assertThat(plan.get("wanted")).hasSize(1);
    assertThat(operator.get(BASE + "plan").body()).contains("bobs-copy");
  }

  private void log(String code, long operation, String text) {
    fixture.plane.log(
        new Event(SHOP, 7, Severity.INFO, code, operation, null, text, Details.of("of", text)));
  }

  @Test
  @DisplayName("events of others' operations are hidden; those of none keep their code alone")
  void events() throws IOException {
    Operation others = copies.put("create", "bobs-copy", new Actor("bob"), OperationState.DONE);
    Operation own = copies.put("create", "anns-copy", new Actor("ann"), OperationState.DONE);
    log("create-done", others.number(), "bobs-copy is there");
    log("create-done", own.number(), "anns-copy is there");
    log("copies-down", 0, "bobs-copy does not run");
    log("create-done", 99, "bobs-copy, long ago");
    for (String query : List.of("?after=0", "?latest=9")) {
      JsonNode seen = ann.get("/api/v1/events" + query).json();
      assertThat(seen.toString()).as(query).doesNotContain("bobs-copy");
      assertThat(seen.get("events")).hasSize(2);
      assertThat(seen.get("events").get(0).get("text").stringValue())
          .isEqualTo("anns-copy is there");
      assertThat(seen.get("events").get(1).get("text").stringValue()).isEqualTo("copies-down");
    }
    assertThat(operator.get("/api/v1/events?after=0").json().get("events")).hasSize(4);
  }

  @Test
  @DisplayName("the description tells the routes of items and what a step changes of them")
  void described() throws IOException {
    JsonNode api = ann.get("/api/v1/openapi.json").json();
    JsonNode access =
        api.get("paths")
            .get("/api/v1/resources/{kind}/{name}/items/{sort}/{item}/access")
            .get("get");
    assertThat(access.get("x-permission").stringValue()).isEqualTo("user");
    assertThat(api.at("/components/schemas/Item/properties/owner/type").stringValue())
        .isEqualTo("string");
    assertThat(api.at("/components/schemas/Step/properties/items/items/properties/change/enum"))
        .hasSize(2);
    assertThat(
            api.get("paths")
                .get("/api/v1/resources/copies/{name}/create")
                .get("post")
                .get("responses")
                .has("201"))
        .isTrue();
  }
}
