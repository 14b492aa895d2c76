package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Actor;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.MemberView;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What can be seen. */
@Timeout(60)
final class ViewsTest {
  private static final ResourceId SHOP = ResourceId.parse("postgres/shop");

  private Fixture fixture;
  private Http viewer;

  @BeforeEach
  void start() throws IOException {
    fixture =
        new Fixture(
            ServerOptions.of("9.9")
                .with(() -> List.of(new Doctor.Check("disk", false, "full", "make room"))));
    fixture.plane.show(Scenes.healthy(SHOP));
    viewer = fixture.as(Permission.VIEWER);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void log(ResourceId id, String code) {
    fixture.plane.log(
        new Event(id, 7, Severity.WARNING, code, 0, Actor.COTIDAL, "so it is", Details.NONE));
  }

  @Test
  @DisplayName(
      "a resource reads as its record: ids as texts, enums as words, a diagnosis as an object")
  void resource() throws IOException {
    JsonNode view = viewer.get("/api/v1/resources/postgres/orders").json();
    assertThat(view.propertyNames())
        .containsExactly(
            "id",
            "micros",
            "mode",
            "leading",
            "epoch",
            "diagnosis",
            "inSync",
            "wanted",
            "guarantee",
            "ledger",
            "members",
            "links",
            "operations",
            "progress",
            "items",
            "membership",
            "pause");
    assertThat(view.get("id").stringValue()).isEqualTo("postgres/orders");
    assertThat(view.get("mode").stringValue()).isEqualTo("manage");
    assertThat(view.get("diagnosis").propertyNames())
        .containsExactly("code", "sentence", "severity", "evidence");
    assertThat(view.get("members").get(0).get("id").stringValue()).isEqualTo("a");
    assertThat(view.get("members").get(0).get("facts").get("timeline").stringValue())
        .isEqualTo("4");
    assertThat(view.get("links").get(1).get("lagBytes").longValue()).isEqualTo(1840);
    assertThat(viewer.get("/api/v1/resources/postgres/nobody").code()).isEqualTo("not-found");
    assertThat(viewer.get("/api/v1/resources/postgres/NOBODY").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("a token sees only its scope, and cannot tell what else there is")
  void scope() throws IOException {
    log(ORDERS, "x");
    log(SHOP, "y");
    Http shop = fixture.nobody().bearer(fixture.token(Permission.OPERATOR, "postgres/shop"));
    JsonNode all = shop.get("/api/v1/resources").json().get("resources");
    assertThat(all).hasSize(1);
    assertThat(all.get(0).get("id").stringValue()).isEqualTo("postgres/shop");
    assertThat(viewer.get("/api/v1/resources").json().get("resources")).hasSize(2);
    assertThat(shop.get("/api/v1/resources/postgres/orders").status()).isEqualTo(403);
    assertThat(shop.get("/api/v1/resources/postgres/nothing").status()).isEqualTo(403);
    assertThat(shop.post("/api/v1/resources/postgres/orders/switchover", "{}").status())
        .isEqualTo(403);
    JsonNode events = shop.get("/api/v1/events").json();
    assertThat(events.get("events")).hasSize(1);
    assertThat(events.get("last").longValue()).isEqualTo(2);
    assertThat(shop.get("/api/v1/events?resource=postgres/orders").status()).isEqualTo(403);
    assertThat(shop.get("/metrics").status()).isEqualTo(403);
    Http kind = fixture.nobody().bearer(fixture.token(Permission.VIEWER, "postgres/*"));
    assertThat(kind.get("/api/v1/resources").json().get("resources")).hasSize(2);
  }

  @Test
  @DisplayName("operations are listed newest first and read one by one; the plan holds what waits")
  void operations() throws IOException {
    for (OperationState state : List.of(OperationState.DONE, OperationState.PROPOSED)) {
      OperationId id = new OperationId(ORDERS, fixture.plane.nextNumber(ORDERS));
      fixture.plane.put(
          Scenes.operation(id, "rejoin", Details.of("member", "a"), state, Actor.COTIDAL));
    }
    String base = "/api/v1/resources/postgres/orders/";
    JsonNode list = viewer.get(base + "operations?limit=1").json().get("operations");
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("id").stringValue()).isEqualTo("postgres/orders#2");
    assertThat(viewer.get(base + "operations/1").json().get("state").stringValue())
        .isEqualTo("done");
    assertThat(viewer.get(base + "operations/3").status()).isEqualTo(404);
    JsonNode plan = viewer.get(base + "plan").json();
    assertThat(plan.propertyNames()).containsExactly("diagnosis", "inSync", "wanted", "proposals");
    assertThat(plan.get("proposals")).hasSize(1);
  }

  @Test
  @DisplayName("events come after a place in the log, or the latest ones")
  void events() throws IOException {
    assertThat(viewer.get("/api/v1/events?latest=5").json().get("last").longValue()).isZero();
    for (int i = 1; i <= 2500; i++) {
      log(i % 100 == 0 ? SHOP : ORDERS, "e" + i);
    }
    JsonNode page = viewer.get("/api/v1/events?after=10&limit=3").json();
    assertThat(page.get("last").longValue()).isEqualTo(13);
    assertThat(page.get("events").get(0).propertyNames())
        .containsExactly(
            "sequence",
            "resource",
            "micros",
            "severity",
            "code",
            "operation",
            "actor",
            "text",
            "details");
    JsonNode newest = viewer.get("/api/v1/events?latest=2").json();
    assertThat(newest.get("events").get(1).get("code").stringValue()).isEqualTo("e2500");
    assertThat(newest.get("last").longValue()).isEqualTo(2500);
    JsonNode shop = viewer.get("/api/v1/events?resource=postgres/shop&latest=15").json();
    assertThat(shop.get("events")).hasSize(15);
    assertThat(shop.get("events").get(0).get("code").stringValue()).isEqualTo("e1100");
    assertThat(viewer.get("/api/v1/events?after=2500").json().get("last").longValue())
        .isEqualTo(2500);
  }

  @Test
  @DisplayName("the latest events of a quiet resource are found, however much the others log")
  void quietResource() throws IOException {
    log(SHOP, "one");
    log(SHOP, "two");
    log(SHOP, "three");
    for (int i = 0; i < 25_000; i++) {
      log(ORDERS, "noise");
    }
    JsonNode shop = viewer.get("/api/v1/events?resource=postgres/shop&latest=2").json();
    assertThat(shop.get("events")).hasSize(2);
    assertThat(shop.get("events").get(0).get("code").stringValue()).isEqualTo("two");
    assertThat(shop.get("events").get(1).get("code").stringValue()).isEqualTo("three");
    assertThat(shop.get("last").longValue()).isEqualTo(3);
  }

  @Test
  @DisplayName("health routes say one word to anybody")
  void health() throws IOException {
    assertThat(fixture.nobody().get("/startupz").status()).isEqualTo(200);
    assertThat(fixture.nobody().get("/livez").body()).isEqualTo("ok\n");
    fixture.plane.health(new ControlPlane.Health(true, false, List.of("no lease")));
    assertThat(fixture.nobody().get("/livez").status()).isEqualTo(200);
    assertThat(fixture.nobody().get("/readyz").status()).isEqualTo(503);
    assertThat(fixture.nobody().get("/readyz").body()).doesNotContain("lease");
    assertThat(fixture.nobody().get("/startupz").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("the doctor's checks and the version are told")
  void system() throws IOException {
    JsonNode check = viewer.get("/api/v1/doctor").json().get("checks").get(0);
    assertThat(check.propertyNames()).containsExactly("name", "ok", "sentence", "remedy");
    assertThat(viewer.get("/api/v1/version").json().get("version").stringValue()).isEqualTo("9.9");
    assertThat(
            viewer
                .get("/api/v1/actions")
                .json()
                .get("actions")
                .get(0)
                .get("input")
                .get(0)
                .get("type")
                .stringValue())
        .isEqualTo("member");
  }

  @Test
  @DisplayName("the metrics say what the views say, and count each operation's end once")
  void metrics() throws IOException {
    OperationId id = new OperationId(ORDERS, 1);
    Operation running =
        Scenes.operation(id, "switchover", Details.NONE, OperationState.RUNNING, Actor.COTIDAL);
    fixture.plane.put(running);
    fixture.plane.put(running.in(OperationState.DONE, "", new Moment(0, 1)));
    String text = viewer.get("/metrics").body();
    assertThat(viewer.get("/metrics").body()).isEqualTo(text);
    assertThat(text)
        .contains("cotidal_member_up{member=\"a\",resource=\"postgres/orders\"} 1.0")
        .contains("cotidal_member_writable{member=\"b\",resource=\"postgres/orders\"} 0.0")
        .contains("cotidal_link_lag_bytes{from=\"a\",resource=\"postgres/orders\",to=\"c\"} 1840.0")
        .contains("cotidal_resource_in_sync{resource=\"postgres/orders\"} 1.0")
        .contains("cotidal_resource_diagnosis{code=\"healthy\",resource=\"postgres/orders\"} 1.0")
        .contains("cotidal_writable_members{resource=\"postgres/orders\"} 1.0")
        .contains(
            "cotidal_operations_total{resource=\"postgres/orders\",result=\"done\",type=\"switchover\"} 1.0")
        .contains("cotidal_lease_held{resource=\"postgres/orders\"} 1.0")
        .contains("cotidal_epoch{resource=\"postgres/orders\"} 8.0")
        .contains("cotidal_build_info{version=\"9.9\"} 1");
    assertThat(viewer.get("/metrics").header("content-type"))
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  @DisplayName(
      "a member that does not answer is down; one that nobody can tell of has no value, whatever its status says")
  void unknownIsNotDown() throws IOException {
    fixture.plane.change(
        ORDERS,
        view ->
            Scenes.with(
                view,
                view.diagnosis(),
                List.of(
                    answering("a", "primary", Answers.NO),
                    answering("b", "replica", Answers.YES),
                    answering("c", "primary", Answers.UNKNOWN)),
                List.of()));
    assertThat(viewer.get("/metrics").body())
        .contains("cotidal_member_up{member=\"a\",resource=\"postgres/orders\"} 0.0")
        .contains("cotidal_member_up{member=\"b\",resource=\"postgres/orders\"} 1.0")
        .doesNotContain("cotidal_member_up{member=\"c\",resource=\"postgres/orders\"");
    JsonNode members = viewer.get("/api/v1/resources/postgres/orders").json().get("members");
    assertThat(members)
        .extracting(member -> member.get("answers").stringValue())
        .containsExactly("no", "yes", "unknown");
  }

  private static MemberView answering(String name, String role, Answers answers) {
    return Scenes.answering(
        Scenes.member(name, role, "refuses: as some say", Severity.CRITICAL, false), answers);
  }

  @Test
  @DisplayName("tokens are made with a secret that is shown once and kept as a hash")
  void tokens() throws IOException {
    Http admin = fixture.as(Permission.ADMIN);
    Http.Response made =
        admin.post(
            "/api/v1/tokens",
            "{\"id\":\"ci\",\"permission\":\"viewer\",\"scope\":\"postgres/shop\",\"days\":7}");
    assertThat(made.status()).isEqualTo(201);
    String secret = made.json().get("secret").stringValue();
    assertThat(secret).matches("cot_[A-Za-z0-9_-]{43}");
    assertThat(fixture.tokens.list().toString()).doesNotContain(secret);
    assertThat(admin.get("/api/v1/tokens").body())
        .contains("\"ci\"")
        .doesNotContain(secret, "hash");
    Http client = fixture.nobody().bearer(secret);
    assertThat(client.get("/api/v1/me").json().get("scope").stringValue())
        .isEqualTo("postgres/shop");
    fixture.pass(java.time.Duration.ofDays(8));
    assertThat(client.get("/api/v1/me").status()).isEqualTo(401);
  }

  @Test
  @DisplayName("a file of the page has a tag by which it need not be sent again, compressed or not")
  void assets() throws IOException {
    Http.Response page = fixture.nobody().get("/");
    assertThat(page.header("content-type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.header("cache-control")).isEqualTo("no-cache");
    String tag = page.header("etag");
    assertThat(fixture.nobody().with("If-None-Match", tag).get("/").status()).isEqualTo(304);
    Http gzip = fixture.nobody().with("Accept-Encoding", "gzip");
    Http.Response packed = gzip.get("/");
    assertThat(packed.header("content-encoding")).isEqualTo("gzip");
    assertThat(gzip.with("If-None-Match", packed.header("etag")).get("/").status()).isEqualTo(304);
  }
}
