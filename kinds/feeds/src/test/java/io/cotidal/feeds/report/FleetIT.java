package io.cotidal.feeds.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.report.Fleet.Replica;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.StoreServer;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("the replicas of a master")
final class FleetIT {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final Duration INTERVAL = Duration.ofSeconds(60);

  private static final String TABLES =
      """
      CREATE TABLE monitor_slaveserver (
        id serial PRIMARY KEY, name varchar(64) NOT NULL, last_poll_time timestamptz,
        last_sync_message text, code_version varchar(32));
      CREATE TABLE monitor_publishsyncstatus (slave_server_id integer, sync_time timestamptz);
      CREATE TABLE monitor_tasksyncstatus (slave_server_id integer, sync_succeed boolean);
      INSERT INTO monitor_slaveserver (name, last_poll_time, last_sync_message, code_version)
        SELECT 'replica-' || to_char(i, 'FM00'), now() - interval '1 second' * i, '', '1'
        FROM generate_series(1, 50) i;
      UPDATE monitor_slaveserver SET last_poll_time = now() - interval '181 seconds'
        WHERE name = 'replica-07';
      UPDATE monitor_slaveserver SET last_poll_time = NULL WHERE name = 'replica-08';
      INSERT INTO monitor_publishsyncstatus
        SELECT id, CASE WHEN name = 'replica-09' THEN now() END FROM monitor_slaveserver;
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO cotidal;
      """;

  @Test
  @DisplayName("feeds/S20: of fifty, those that were silent for three intervals are late")
  void late() throws Exception {
    try (ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE)) {
      StoreServer server =
          StoreServer.start(registry, PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
      server.execute(StoreServer.NAME, TABLES);
      Fleet fleet = new Fleet(status(server, "public"));
      List<Replica> replicas = fleet.replicas(Deadline.in(INTERVAL));
      assertThat(replicas).hasSize(50);
      assertThat(replicas)
          .filteredOn(replica -> replica.late(INTERVAL))
          .extracting(Replica::name)
          .containsExactly("replica-07", "replica-08");
      assertThat(replicas)
          .filteredOn(replica -> replica.failing() > 0)
          .extracting(Replica::name)
          .containsExactly("replica-09");
      assertThatThrownBy(
              () -> new Fleet(status(server, "elsewhere")).replicas(Deadline.in(INTERVAL)))
          .isInstanceOf(ReportException.class)
          .hasMessageContaining("elsewhere");
    }
  }

  private static FeedsSpec.Status status(StoreServer server, String schema) {
    return new FeedsSpec.Status(
        "perth",
        "127.0.0.1",
        server.port(),
        StoreServer.NAME,
        schema,
        StoreServer.NAME,
        Optional.of(server.password()));
  }
}
