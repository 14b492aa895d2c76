package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.lab.DockerDaemon;
import io.cotidal.lab.DockerImages;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies in containers of a real Docker daemon, from images that were made on this machine. */
@Timeout(180)
@DisplayName("copies in containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DockerCopiesIT {
  private static final String NOWHERE = "nowhere/none:1";
  private static final Duration LONG = Duration.ofSeconds(60);

  private CopiesLab lab;
  private DockerDaemon docker;
  private StartedDaemon daemon;
  private Api api;

  @BeforeAll
  void open() throws Exception {
    Optional<String> missing = DockerImages.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no container proven: " + missing.get());
    lab = CopiesLab.open();
    docker = DockerDaemon.start(lab.registry);
    DockerImages images = new DockerImages(lab.registry, docker);
    String mariadb = images.mariadb();
    daemon =
        new StartedDaemon(
            lab.configure(
                List.of(
                    template("shop", "mariadb", mariadb),
                    template("books", "postgres", images.postgres()),
                    template("lost", "postgres", NOWHERE),
                    template("wrong", "postgres", mariadb))));
    api = Api.of(lab.port, daemon.token());
    for (String name : List.of("shop", "books", "lost", "wrong")) {
      await().atMost(LONG).until(() -> api.view(name).at("ledger").text("generation").equals("g1"));
    }
  }

  private Template template(String name, String engine, String image) throws Exception {
    Map<String, String> keys = new TreeMap<>();
    keys.put("dump", lab.dump("shop.sql", 20, "gold").toString());
    keys.put("runtime", "docker");
    keys.put("image", image);
    keys.put("socket", docker.socket().toString());
    return new Template(name, engine, keys);
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (docker != null) {
      docker.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String template : List.of("shop", "books", "lost", "wrong")) {
      for (String name : api.items(template, "copy").keySet()) {
        assertThat(api.delete(template, name).status()).as(name).isEqualTo(200);
      }
      await().atMost(LONG).until(() -> lab.places(template).size() == 1);
    }
    assertThat(docker.client("ps", "-aq")).isEmpty();
    assertThat(lab.claims()).isEmpty();
  }

  /** The container of a copy, by the labels that the original's tools read. */
  private String container(String template, String copy) throws Exception {
    return docker
        .client(
            "ps",
            "-aq",
            "--no-trunc",
            "--filter",
            "label=com.myaas.template=" + template,
            "--filter",
            "label=com.myaas.instance=" + copy)
        .strip();
  }

  @ParameterizedTest(
      name = "copies/E7: made, used, adopted, killed, reset and deleted in a container, of {1}")
  @CsvSource({"shop,mariadb,mysql", "books,postgres,postgres"})
  void life(String template, String engine, String provider) throws Exception {
    Answer made = api.create(template, "one");
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    String url = api.jdbc(template, "one");
    assertThat(Jdbc.query(url, COUNT)).isEqualTo("20");
    String id = container(template, "one");
    assertThat(id).hasSize(64);
    assertThat(docker.client("inspect", id))
        .contains("\"com.myaas.provider\": \"" + provider + "\"")
        .contains("\"com.myaas.is_template\": \"False\"")
        .contains("\"com.myaas.username\": \"app\"")
        .doesNotContain("com.myaas.password")
        .doesNotContain(String.valueOf(api.access(template, "one").get("password")));

    Jdbc.execute(url, "UPDATE customers SET name = 'mine' WHERE id = 7");
    try (Connection session = DriverManager.getConnection(url)) {
      daemon.again();
      await().atMost(LONG).until(() -> api.view(template).flag("leading"));
      assertThat(Jdbc.query(session, COUNT)).isEqualTo("20");
    }
    assertThat(container(template, "one")).isEqualTo(id);
    assertThat(api.jdbc(template, "one")).isEqualTo(url);

    docker.client("kill", id);
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() ->
            assertThat(Jdbc.query(url, "SELECT name FROM customers WHERE id = 7"))
                .isEqualTo("mine"));
    assertThat(container(template, "one")).hasSize(64).isNotEqualTo(id);
    await()
        .atMost(LONG)
        .until(() -> api.act(template, "reset", Map.of("name", "one")).status() == 200);
    assertThat(Jdbc.query(url, "SELECT name FROM customers WHERE id = 7")).isEqualTo("gold");
    assertThat(container(template, "one")).hasSize(64);

    assertThat(api.delete(template, "one").status()).isEqualTo(200);
    assertThat(docker.client("ps", "-aq")).isEmpty();
  }

  @Test
  @DisplayName(
      "copies/E7: an image that is not there is named with its remedy before anything is made")
  void noImage() throws Exception {
    var before = lab.places("lost");
    Answer answer = api.create("lost", "one");
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("failed");
    assertThat(answer.body().text("note"))
        .contains("image " + NOWHERE + " is not here: docker pull " + NOWHERE)
        .doesNotContain("\n");
    assertThat(lab.places("lost")).isEqualTo(before);
    assertThat(api.items("lost", "copy")).isEmpty();
    assertThat(docker.client("ps", "-aq")).isEmpty();
  }

  @Test
  @DisplayName(
      "copies/E7: a server that does not start in its container says why, in its own words")
  void wrongImage() throws Exception {
    Answer answer = api.create("wrong", "one");
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("failed");
    // An image of MariaDB looks for a data folder where PostgreSQL's arguments name none.
    assertThat(answer.body().text("note"))
        .contains("ended", "entrypoint: MYSQL_ROOT_PASSWORD is missing")
        .doesNotContain("\n");
    assertThat(lab.places("wrong")).hasSize(1);
    assertThat(api.items("wrong", "copy")).isEmpty();
  }
}
