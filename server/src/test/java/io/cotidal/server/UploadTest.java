package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The route that brings what an action works on. */
@Timeout(60)
@DisplayName("uploads over HTTP")
final class UploadTest {
  private static final String UPLOAD = "/api/v1/resources/postgres/orders/rejoin/upload";
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<Command.Begin> begun = Collections.synchronizedList(new ArrayList<>());
  private Fixture fixture;
  private Http operator;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture();
    fixture.plane.onCommand((_, command) -> take((Command.Begin) command));
    operator = fixture.as(Permission.OPERATOR).with("Content-Type", "application/octet-stream");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Reply take(Command.Begin begin) {
    if (begin.dryRun()) {
      return new Reply.Preview(List.of(), List.of());
    }
    begun.add(begin);
    OperationId id = new OperationId(ORDERS, fixture.plane.nextNumber(ORDERS));
    return new Reply.Accepted(
        Scenes.operation(id, begin.type(), begin.input(), OperationState.DONE, begin.actor()));
  }

  @Test
  @DisplayName("more than a body may be is taken as a stream, and the action is begun with it")
  void large() throws Exception {
    String body = "x".repeat(3 << 20);
    String digest = Base64.getEncoder().encodeToString(new byte[32]);
    Http.Response response =
        operator
            .with("Content-Digest", "sha-256=:" + digest + ":")
            .send("POST", UPLOAD + "?file=shop.sql", body);
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    assertThat(fixture.intake.log())
        .containsExactly(
            "check " + body.length(), "took " + body.length() + " " + "0".repeat(64), "let go");
    assertThat(begun).hasSize(1);
    assertThat(begun.getFirst().input())
        .isEqualTo(Details.of("file", "shop.sql").with("bytes", body.length()));
  }

  @Test
  @DisplayName("what is refused is refused before the bytes come: nobody is asked to send them")
  void refusedEarly() throws Exception {
    for (String length : List.of("Content-Length: 20000000", "Content-Length: 99999999999")) {
      try (Socket socket = fixture.nobody().open()) {
        String head = operator.head("POST", UPLOAD, null).stripTrailing();
        socket
            .getOutputStream()
            .write(
                (head + "\r\n" + length + "\r\nExpect: 100-continue\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(Http.read(socket.getInputStream(), true).code()).isEqualTo("too-large");
      }
    }
    assertThat(fixture.intake.log()).noneMatch(line -> line.startsWith("took"));
    assertThat(begun).isEmpty();
  }

  @Test
  @DisplayName("a connection that breaks begins nothing")
  void cut() throws Exception {
    try (Socket socket = fixture.nobody().open()) {
      OutputStream out = socket.getOutputStream();
      String head = operator.head("POST", UPLOAD, null).stripTrailing();
      out.write(
          (head + "\r\nContent-Length: 1000\r\n\r\nhalf").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      await().atMost(SOON).until(() -> fixture.intake.log().contains("check 1000"));
    }
    await().atMost(SOON).until(() -> fixture.intake.log().contains("cut"));
    assertThat(begun).isEmpty();
  }

  @Test
  @DisplayName("a dry run reads nothing; one that is under way, a bad digest and packing are told")
  void refusals() throws Exception {
    assertThat(operator.send("POST", UPLOAD + "?dryRun=true", "").json().has("steps")).isTrue();
    assertThat(operator.with("Content-Digest", "md5=:AA==:").send("POST", UPLOAD, "x").code())
        .isEqualTo("bad-request");
    assertThat(operator.with("Content-Encoding", "gzip").send("POST", UPLOAD, "x").code())
        .isEqualTo("unsupported-media-type");
    OperationId id = new OperationId(ORDERS, 99);
    fixture.plane.put(
        Scenes.operation(id, "rejoin", Details.NONE, OperationState.RUNNING, Actor.COTIDAL));
    Http.Response busy = operator.send("POST", UPLOAD, "x");
    assertThat(busy.code()).isEqualTo("conflict");
    assertThat(busy.json().get("operation").stringValue()).isEqualTo("postgres/orders#99");
    assertThat(fixture.intake.log()).noneMatch(line -> line.startsWith("took"));
    assertThat(begun).isEmpty();
  }

  @Test
  @DisplayName("the description of the API knows the route, its permission and what it takes")
  void described() throws Exception {
    JsonNode route =
        operator
            .get("/api/v1/openapi.json")
            .json()
            .get("paths")
            .get("/api/v1/resources/postgres/{name}/rejoin/upload")
            .get("post");
    assertThat(route.get("x-permission").stringValue()).isEqualTo("operator");
    assertThat(route.at("/requestBody/content").propertyNames())
        .containsExactly("application/octet-stream");
  }
}
