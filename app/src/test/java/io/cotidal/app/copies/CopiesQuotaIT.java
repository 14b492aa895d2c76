package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.CopiesLab.Template;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A copy that fills its own share of the volume, on real servers. */
@Timeout(180)
@DisplayName("a copy's disk quota")
final class CopiesQuotaIT {
  private static final String SHOP = "shop";

  private static final Duration LONG = Duration.ofSeconds(60);

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

  /** Writes rows of noise until the server has had enough; what it says then. */
  private static String filled(String url, String noise) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE noise (text TEXT)");
      for (int row = 0; row < 4_000; row++) {
        statement.execute("INSERT INTO noise SELECT " + noise + " FROM customers");
      }
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @ParameterizedTest(name = "copies/E1: a copy that is full writes no more, others go on, on {0}")
  @CsvSource({
    "mariadb,'CONCAT(RAND(), REPEAT(MD5(RAND()), 200))'",
    "postgres,'(SELECT string_agg(md5(random()::text), '''') FROM generate_series(1, 200))'"
  })
  void full(String engine, String noise) throws Exception {
    Map<String, String> keys =
        Map.of("dump", lab.dump("shop.sql", 100, "gold").toString(), "quota", "128MiB");
    daemon = new StartedDaemon(lab.configure(List.of(new Template(SHOP, engine, keys))));
    api = Api.of(lab.port, daemon.token());
    await().atMost(LONG).until(() -> api.view(SHOP).at("ledger").text("generation").equals("g1"));
    for (String name : List.of("greedy", "other")) {
      assertThat(api.create(SHOP, name).status()).isEqualTo(201);
    }
    long before =
        Long.parseLong(api.view(SHOP).list("members").getFirst().at("facts").text("free"));
    String greedy = api.jdbc(SHOP, "greedy");
    String told = filled(greedy, noise);
    System.out.println("measured: " + engine + " says at its quota: " + told);
    // Its words for a full disk, or that the connection ended with the server.
    assertThat(told).isNotEmpty();

    Jdbc.execute(api.jdbc(SHOP, "other"), "UPDATE customers SET name = 'mine'");
    assertThat(api.create(SHOP, "third").status()).isEqualTo(201);
    long after = lab.volume.folder().toFile().getUsableSpace();
    assertThat(before - after).isLessThan(400L << 20);
  }
}
