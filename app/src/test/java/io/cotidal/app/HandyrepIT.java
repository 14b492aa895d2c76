package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.Target;
import io.cotidal.model.Details;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HandyRep's clients on a real cluster: what they know is all that they send. */
@Timeout(240)
final class HandyrepIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  private final HttpClient http = HttpClient.newHttpClient();
  private ClusterLab lab;
  private OrdersDaemon orders;
  private int port;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    port = lab.registry().port();
    Path file = lab.cluster().configuration();
    secret("admin.pw", "handyrep admin");
    secret("read.pw", "handyrep read");
    Files.writeString(
        file,
        Files.readString(file).replaceFirst("quorum: 1", "quorum: 1\n    state-table: ops.handyrep")
            + """

            compat:
              handyrep:
                listen: 127.0.0.1:%d
                api: true
                cluster: %s
                admin-password: {secret: "file:admin.pw"}
                read-password: {secret: "file:read.pw"}
            """
                .formatted(port, DemoCluster.RESOURCE));
    orders = OrdersDaemon.start(lab.configuration());
  }

  @AfterEach
  void close() throws IOException {
    http.close();
    orders.close();
    lab.close();
  }

  private void secret(String name, String text) throws IOException {
    Path path = lab.cluster().folder().resolve(name);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(path, text);
  }

  private HttpResponse<String> ask(String method, String path, String password)
      throws IOException, InterruptedException {
    return ask(method, URI.create("http://127.0.0.1:" + port + path), password);
  }

  private HttpResponse<String> ask(String method, URI uri, String password)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!password.isEmpty()) {
      String pair = "anybody:" + password;
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The same functions on the API's listener, for every cluster by its name. */
  private HttpResponse<String> askApi(String method, String path, String password)
      throws IOException, InterruptedException {
    return ask(method, orders.uri().resolve("/handyrep/" + path), password);
  }

  private String read(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask("GET", path, "handyrep read");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** Who is master by the row in the database, and which words stand in it. */
  private String stateTable() throws PgException {
    Target b = lab.cluster().member("b");
    Login login =
        new Login(
            b.host(),
            b.port(),
            "postgres",
            lab.cluster().login().user(),
            lab.cluster().login().password(),
            "test");
    try (PgSession session = PgSession.open(login, Duration.ofSeconds(5))) {
      String row =
          session.one(
              """
              SELECT (SELECT key || ' ' || (value ->> 'role') FROM json_each(servers)
                      WHERE value ->> 'role' = 'master') || ' ' || (status ->> 'status') || ' '
                || (config::text || servers::text) FROM ops.handyrep
              """,
              Duration.ofSeconds(5),
              each -> each.getString(1));
      assertThat(row).doesNotContain(lab.cluster().login().password().reveal());
      return row;
    }
  }

  private void onTheApisListener() throws IOException, InterruptedException {
    HttpResponse<String> master = askApi("GET", "orders/get_master_name", "handyrep read");
    assertThat(master.body().strip()).isEqualTo("\"a\"");
    assertThat(askApi("GET", "nobody/get_status", "handyrep read").statusCode()).isEqualTo(404);
    assertThat(askApi("GET", "get_status", "handyrep read").statusCode()).isEqualTo(404);
    assertThat(askApi("GET", "orders/get_status", "").statusCode()).isEqualTo(401);
    HttpResponse<String> got =
        askApi("GET", "orders/manual_failover?newmaster=b", "handyrep admin");
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(got.headers().firstValue("Allow")).contains("POST");
    assertThat(got.body()).contains("FAIL", "POST");
    assertThat(askApi("POST", "orders/manual_failover?newmaster=b", "handyrep read").statusCode())
        .isEqualTo(403);
    assertThat(ask("GET", orders.uri().resolve("/api/v1/resources"), "handyrep admin").statusCode())
        .as("the password of a protocol opens nothing else")
        .isEqualTo(401);
    assertThat(read("/get_master_name").strip()).isEqualTo("\"a\"");
  }

  @Test
  @DisplayName(
      "statuses by GET, a failover by POST, passwords, and 405 for a GET that would change")
  void original() throws IOException, InterruptedException {
    orders.awaitLeading();
    assertThat(read("/get_status")).contains("\"status_no\":");
    orders.ask("create", Details.of("primary", "a"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(read("/get_cluster_status")).contains("\"status_no\":1"));
    orders.awaitWhole();
    assertThat(read("/get_master_name").strip()).isEqualTo("\"a\"");
    assertThat(read("/handyrep/orders/get_status")).contains("\"role\":\"master\"", "healthy");
    assertThat(read("/verify_all")).contains("SUCCESS", "\"failover_ok\":true");
    assertThat(read("/read_log?numlines=3")).startsWith("[\"20");

    assertThat(ask("GET", "/get_status", "").statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/get_status", "handyrep").statusCode()).isEqualTo(401);
    HttpResponse<String> got = ask("GET", "/manual_failover?newmaster=b", "handyrep admin");
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(got.headers().firstValue("Allow")).contains("POST");
    assertThat(got.body()).contains("FAIL", "POST");
    assertThat(ask("POST", "/manual_failover?newmaster=b", "handyrep read").statusCode())
        .isEqualTo(403);
    assertThat(read("/get_master_name").strip()).isEqualTo("\"a\"");
    onTheApisListener();

    HttpResponse<String> moved =
        askApi("POST", "orders/manual_failover?newmaster=b&idempotency_key=one", "handyrep admin");
    assertThat(moved.body()).contains("\"result\":\"SUCCESS\"", "switchover");
    await().atMost(LONG).until(() -> read("/get_master_name").strip().equals("\"b\""));
    await().atMost(LONG).untilAsserted(() -> assertThat(stateTable()).startsWith("b master"));
    HttpResponse<String> again =
        ask("POST", "/manual_failover?newmaster=b&idempotency_key=one", "handyrep admin");
    assertThat(again.body()).contains("SUCCESS");
    assertThat(orders.view().operations())
        .filteredOn(each -> each.type().equals("switchover"))
        .singleElement()
        .matches(each -> each.actor().name().equals("handyrep-admin"));
    assertThat(ask("POST", "/clone?replicaserver=c", "handyrep admin").body())
        .contains("FAIL", "reclone=True");
    assertThat(ask("POST", "/reload_conf", orders.token()).body()).contains("FAIL", "restart it");
  }
}
