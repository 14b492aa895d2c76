package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.app.copies.Myaas.Answer;
import io.cotidal.cli.api.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers without a token, where the operator wrote so. */
@Timeout(120)
@DisplayName("DB replicator's API for callers without a token")
final class AnonymousApiIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private CopiesLab lab;
  private StartedDaemon daemon;

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static List<Node> notices(Api api) throws Exception {
    return api.get("/api/v1/events?limit=500").body().list("events").stream()
        .filter(event -> event.text("code").equals("anonymous-access"))
        .toList();
  }

  @ParameterizedTest(
      name = "copies/E1: anonymous-as {0} is told as a warning in the events, and goes no further")
  @ValueSource(strings = {"viewer", "user"})
  void anonymous(String role) throws Exception {
    lab = CopiesLab.open();
    int door = lab.registry.port();
    String dump = lab.dump("shop.sql", 20, "gold").toString();
    daemon =
        new StartedDaemon(
            lab.configure(
                List.of(new Template("shop", "postgres", Map.of("dump", dump))),
                "  compat: {listen: \"127.0.0.1:" + door + "\", anonymous-as: " + role + "}\n"));
    Api api = Api.of(lab.port, daemon.token());
    Myaas anyone = Myaas.of(door);
    await().atMost(LONG).until(() -> anyone.get("/templates").text().contains("shop"));
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(notices(api)).hasSize(1);
          Node notice = notices(api).getFirst();
          assertThat(notice.text("severity")).isEqualTo("warning");
          assertThat(notice.text("resource")).isEqualTo("copies/shop");
          assertThat(notice.text("text"))
              .contains("http://127.0.0.1:" + door, "a " + role + " may", "without a token");
        });
    Answer made = anyone.create("shop", "free");
    if (role.equals("user")) {
      assertThat(made.status()).as("%s", made).isEqualTo(201);
      assertThat(Jdbc.query(Myaas.jdbc(made.body(), "postgres"), COUNT)).isEqualTo("20");
      assertThat(api.items("shop", "copy").get("free").text("owner")).isEqualTo("anonymous");
      assertThat(anyone.get("/db/shop/free").body().text("password")).isNotEmpty();
      assertThat(anyone.delete("shop", "free").status()).isEqualTo(204);
    } else {
      assertThat(made.status()).isEqualTo(403);
      assertThat(api.items("shop", "copy")).isEmpty();
    }
    // Who proves something false is not nobody, and the other door stays shut.
    assertThat(anyone.bearer("wrong").get("/templates").status()).isEqualTo(401);
    assertThat(api.as("").get("/api/v1/resources").status()).isEqualTo(401);
    daemon.again();
    await().atMost(LONG).untilAsserted(() -> assertThat(notices(api)).hasSize(2));
  }
}
