package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.cli.api.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What begins and ends without anybody's asking, and what is ended before its time. */
@Timeout(120)
@DisplayName("spares, expiry, cancelled and failed imports")
final class CopiesLifetimeIT {
  private static final String SHOP = "shop";
  private static final Duration LONG = Duration.ofSeconds(60);

  /** More than one, so that all can die at once. */
  private static final int SPARES = 2;

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Api api;

  @BeforeEach
  void open() throws Exception {
    lab = CopiesLab.open();
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void serve(String engine, Map<String, String> more) throws Exception {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("dump", lab.dump("shop.sql", 20, "gold").toString());
    keys.putAll(more);
    daemon = new StartedDaemon(lab.configure(List.of(new Template(SHOP, engine, keys))));
    api = Api.of(lab.port, daemon.token());
  }

  private void awaitGeneration(String id) {
    await().atMost(LONG).until(() -> api.view(SHOP).at("ledger").text("generation").equals(id));
  }

  private long readySpares() throws Exception {
    return api.items(SHOP, "spare").values().stream()
        .filter(spare -> spare.text("state").equals("ready"))
        .count();
  }

  @ParameterizedTest(name = "copies/B12: a waiting spare is handed out, and replaced, on {0}")
  @ValueSource(strings = {"mariadb", "postgres"})
  void spares(String engine) throws Exception {
    serve(engine, Map.of("spares", Integer.toString(SPARES)));
    awaitGeneration("g1");
    await().atMost(LONG).until(() -> readySpares() == SPARES);
    var spares = api.places(SHOP, "spare");
    assertThat(api.create(SHOP, "warm").status()).isEqualTo(201);
    Node warm = api.items(SHOP, "copy").get("warm");
    assertThat(spares).contains(warm.at("facts").text("id"));
    assertThat(Jdbc.query(api.jdbc(SHOP, "warm"), Jdbc.COUNT)).isEqualTo("20");
    await().atMost(LONG).until(() -> readySpares() == SPARES);

    for (String spare : api.places(SHOP, "spare")) {
      lab.servers(SHOP, spare).kill();
    }
    Answer answer = api.create(SHOP, "cold");
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc(SHOP, "cold"), Jdbc.COUNT)).isEqualTo("20");
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(readySpares()).isEqualTo(SPARES);
          for (String spare : api.places(SHOP, "spare")) {
            assertThat(lab.servers(SHOP, spare).running()).as(spare).isTrue();
          }
          assertThat(lab.places(SHOP)).hasSize(3 + SPARES);
        });

    // A new daemon has no session with the spares: it logs in as they are handed out.
    daemon.again();
    await().atMost(LONG).until(() -> api.view(SHOP).flag("leading"));
    assertThat(api.create(SHOP, "later").status()).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc(SHOP, "later"), Jdbc.COUNT)).isEqualTo("20");
  }

  @ParameterizedTest(
      name = "copies/B10: a copy goes within 2 s of its time, unless renewed, on {0}")
  @ValueSource(strings = "postgres")
  void expiry(String engine) throws Exception {
    serve(engine, Map.of());
    awaitGeneration("g1");
    assertThat(api.act(SHOP, "create", Map.of("name", "short", "ttl", "3")).status())
        .isEqualTo(201);
    assertThat(api.act(SHOP, "create", Map.of("name", "long", "ttl", "3")).status()).isEqualTo(201);
    long due = api.items(SHOP, "copy").get("short").number("expiresMicros");
    assertThat(api.act(SHOP, "renew", Map.of("name", "long", "ttl", "1h")).status()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !api.items(SHOP, "copy").containsKey("short"));
    long late = System.currentTimeMillis() - due / 1_000;
    assertThat(late).isBetween(0L, 2_000L);
    assertThat(Jdbc.query(api.jdbc(SHOP, "long"), Jdbc.COUNT)).isEqualTo("20");
    assertThat(lab.servers().list()).isNotEmpty();
    assertThat(lab.places(SHOP)).hasSize(2);
  }

  @ParameterizedTest(
      name = "copies/A4: an import that is cancelled ends and leaves nothing, on {0}")
  @ValueSource(strings = {"mariadb", "postgres"})
  void cancelled(String engine) throws Exception {
    serve(engine, Map.of());
    awaitGeneration("g1");
    String pause = engine.equals("mariadb") ? "DO SLEEP(100);\n" : "SELECT pg_sleep(100);\n";
    Path slow = lab.write("slow.sql", pause);
    Answer begun = api.act(SHOP, "import", Map.of("dump", slow.toString()), 0);
    assertThat(begun.status()).as("%s", begun).isEqualTo(202);
    await().atMost(LONG).until(() -> lab.servers().running());
    long began = System.nanoTime();
    Answer cancel = api.post(begun.location() + "/cancel", Map.of(), 30);
    assertThat(cancel.status()).as("%s", cancel).isBetween(200, 202);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          assertThat(api.get(begun.location()).body().text("state")).isEqualTo("cancelled");
          assertThat(lab.servers().list()).isEmpty();
          assertThat(lab.places(SHOP)).isEqualTo(api.places(SHOP, "generation")).hasSize(1);
        });
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    assertThat(api.create(SHOP, "after").status()).isEqualTo(201);
  }

  @ParameterizedTest(name = "copies/D4: what a hook masks is in no copy; a hook that fails, on {0}")
  @ValueSource(strings = {"mariadb", "postgres"})
  void hooks(String engine) throws Exception {
    Path hook = lab.write("mask.sql", "UPDATE customers SET name = 'masked';\n");
    serve(engine, Map.of("hooks", "[{sql: " + hook + "}]"));
    awaitGeneration("g1");
    assertThat(api.create(SHOP, "masked").status()).isEqualTo(201);
    String original = "SELECT COUNT(*) FROM customers WHERE name = 'gold'";
    assertThat(Jdbc.query(api.jdbc(SHOP, "masked"), original)).isEqualTo("0");
    Files.writeString(hook, "UPDATE nowhere SET name = 'masked';\n");
    Path next = lab.dump("next.sql", 30, "iron");
    Answer failed = api.act(SHOP, "import", Map.of("dump", next.toString()));
    assertThat(failed.body().text("state")).as("%s", failed).isEqualTo("failed");
    assertThat(api.view(SHOP).at("ledger").text("generation")).isEqualTo("g1");
    assertThat(lab.places(SHOP)).hasSize(2);
    assertThat(api.create(SHOP, "still").status()).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc(SHOP, "still"), Jdbc.COUNT)).isEqualTo("20");
  }
}
