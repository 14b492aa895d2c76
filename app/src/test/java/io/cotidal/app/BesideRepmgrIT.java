package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.Store;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Target;
import io.cotidal.lab.rivals.Health;
import io.cotidal.lab.rivals.Pace;
import io.cotidal.lab.rivals.RepmgrCluster;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mode observe beside a real repmgr, whose members are reached by SQL alone. */
@Tag("slow")
@Timeout(300)
final class BesideRepmgrIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  private static final String CATALOGUE =
      """
      SELECT string_agg(oid || ' ' || relname, chr(10) ORDER BY oid) || chr(10)
             || (SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles)
      FROM pg_class
      """;

  private ClusterLab lab;
  private RepmgrCluster repmgr;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        RepmgrCluster.missing().orElse(bin.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    lab = ClusterLab.open(bin.orElseThrow());
    repmgr = RepmgrCluster.start(lab.registry(), bin.orElseThrow(), Pace.TUNED, false);
    await().atMost(LONG).until(() -> health().whole(3, false));
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (repmgr != null) {
      repmgr.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private Path description() throws IOException {
    StringBuilder members = new StringBuilder();
    for (Target member : repmgr.members()) {
      members.append(
          "      - {name: %s, driver: sql, port: %d}\n".formatted(member.member(), member.port()));
    }
    Path folder = lab.cluster().folder();
    Path secret = folder.resolve("superuser.password");
    return Files.writeString(
        folder.resolve("beside.yaml"),
        """
        listen: 127.0.0.1:%d
        store: "sqlite:%s"
        postgres:
          orders:
            mode: observe
            members:
        %s    superuser: {name: repmgr, password: {secret: "file:%s"}}
            replication: {name: repmgr, password: {secret: "file:%s"}}
        """
            .formatted(
                lab.registry().port(), folder.resolve("beside.db"), members, secret, secret));
  }

  private Health health() {
    return Health.of(repmgr.members(), repmgr.login());
  }

  private String catalogue() throws SQLException {
    String primary = health().writable().getFirst();
    Target target =
        repmgr.members().stream()
            .filter(each -> each.member().equals(primary))
            .findFirst()
            .orElseThrow();
    try (Connection session =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + target.port() + "/postgres",
                repmgr.login().user(),
                repmgr.login().password().reveal());
        Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery(CATALOGUE)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private Optional<Event> event(String code) {
    return orders.control().events(OrdersDaemon.ORDERS, 0, 1_000).stream()
        .map(Store.LoggedEvent::event)
        .filter(event -> event.code().equals(code))
        .findFirst();
  }

  @Test
  @DisplayName(
      "postgres/S36: beside repmgr: its failover is told, and what would have begun; nothing is"
          + " touched")
  void looksOn() throws IOException, StartFailure, SQLException {
    String before = catalogue();
    orders = OrdersDaemon.start(lab.configuration(description()));
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-adopted"));
    String old = health().writable().getFirst();
    repmgr.killNode(old);
    await().atMost(LONG).until(() -> event("moved-by-others").isPresent());
    Event moved = event("moved-by-others").orElseThrow();
    assertThat(moved.details().need("from")).as(orders::story).isEqualTo(old);
    assertThat(health().writable()).containsExactly(moved.details().need("to"));
    assertThat(event("would-failover").orElseThrow().text())
        .as("without a gate and a quorum a person would decide: %s", orders.story())
        .contains("cannot be fenced");
    assertThat(event("would-failover").orElseThrow().details().need("begins"))
        .isEqualTo("after an approval");
    assertThat(catalogue()).isEqualTo(before);
    assertThat(orders.view().operations()).isEmpty();
    assertThat(orders.view().ledger()).isEqualTo(Details.NONE);
  }
}
