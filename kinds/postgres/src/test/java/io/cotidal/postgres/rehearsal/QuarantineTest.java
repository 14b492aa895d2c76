package io.cotidal.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.postgres.rehearsal.Source.Setting;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("what keeps a clone from touching anything")
final class QuarantineTest {
  private static Quarantine of(int version, Setting... settings) {
    return Quarantine.of(new Source(version, 1, 0, List.of(settings)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          archive_mode                     | on                       | Write-Ahead Log / Archiving              | off
          archive_command                  | rsync %p other:/archive  | Write-Ahead Log / Archiving              | ""
          archive_library                  | basic_archive            | Write-Ahead Log / Archiving              | ""
          restore_command                  | scp other:%f %p          | Write-Ahead Log / Archive Recovery       | ""
          archive_cleanup_command          | pg_archivecleanup /a %r  | Write-Ahead Log / Archive Recovery       | ""
          recovery_end_command             | curl http://elsewhere    | Write-Ahead Log / Archive Recovery       | ""
          shared_preload_libraries         | pg_cron,timescaledb      | Client Connection Defaults / Shared Library Preloading | ""
          session_preload_libraries        | auto_explain             | Client Connection Defaults / Shared Library Preloading | ""
          local_preload_libraries          | spy                      | Client Connection Defaults / Shared Library Preloading | ""
          dynamic_library_path             | /srv/lib                 | Client Connection Defaults / Other Defaults | $libdir
          max_logical_replication_workers  | 8                        | Replication / Subscribers                | 0
          autovacuum                       | on                       | Autovacuum                               | off
          ssl                              | on                       | Connections and Authentication / SSL     | off
          event_triggers                   | on                       | Client Connection Defaults / Statement Behavior | off
          sync_replication_slots           | on                       | Replication / Standby Servers            | off
          log_statement                    | all                      | Reporting and Logging / What to Log      | none
          """)
  void shutIn(String name, String value, String category, String right) {
    Quarantine quarantine = of(170_004, new Setting(name, value, category));
    assertThat(quarantine.settings()).containsEntry(name, right);
    assertThat(quarantine.dropped()).containsExactly(name);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          synchronized_standby_slots | b                     | Replication / Primary Server
          recovery_min_apply_delay   | 1h                    | Replication / Standby Servers
          ssl_passphrase_command     | /bin/ask              | Connections and Authentication / SSL
          krb_server_keyfile         | /etc/keytab           | Connections and Authentication / Authentication
          external_pid_file          | /run/orders.pid       | File Locations
          hba_file                   | /etc/postgres/hba     | File Locations
          log_directory              | /var/log/postgresql   | Reporting and Logging / Where to Log
          syslog_ident               | orders                | Reporting and Logging / Where to Log
          cron.database_name         | orders                | Customized Options
          pg_stat_statements.max     | 10000                 | Resource Usage / Memory
          recovery_target_time       | 2026-01-01            | Write-Ahead Log / Recovery Target
          search_path                | spy, public           | Client Connection Defaults / Statement Behavior
          default_transaction_read_only | on                 | Client Connection Defaults / Statement Behavior
          a_parameter_of_tomorrow    | on                    | A group of tomorrow
          """)
  void leftOut(String name, String value, String category) {
    Quarantine quarantine = of(150_004, new Setting(name, value, category));
    assertThat(quarantine.settings()).doesNotContainKey(name);
    assertThat(quarantine.dropped()).containsExactly(name);
    assertThat(quarantine.text(new TreeMap<>())).doesNotContain(value.split(",")[0] + "'");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          primary_conninfo           | host=10.0.0.1         | Replication / Standby Servers
          primary_slot_name          | cotidal_b             | Replication / Standby Servers
          synchronous_standby_names  | ANY 1 (b, c)          | Replication / Primary Server
          listen_addresses           | 10.0.0.2              | Connections and Authentication / Connection Settings
          unix_socket_directories    | /run/postgresql       | Connections and Authentication / Connection Settings
          recovery_target_timeline   | 3                     | Write-Ahead Log / Recovery Target
          """)
  @DisplayName("the real server's addresses and names never come along; each clone has its own")
  void own(String name, String value, String category) {
    Quarantine quarantine = of(150_004, new Setting(name, value, category));
    assertThat(quarantine.settings()).doesNotContainKey(name);
    assertThat(quarantine.dropped()).isEmpty();
  }

  @Test
  @DisplayName("what decides how long a failover takes is as in the real cluster")
  void kept() {
    Quarantine quarantine =
        of(
            150_004,
            new Setting("shared_buffers", "256MB", "Resource Usage / Memory"),
            new Setting("max_connections", "400", "Connections and Authentication / Settings"),
            new Setting("max_prepared_transactions", "20", "Resource Usage / Memory"),
            new Setting("synchronous_commit", "remote_apply", "Write-Ahead Log / Settings"),
            new Setting("checkpoint_timeout", "30min", "Write-Ahead Log / Checkpoints"),
            new Setting("wal_sender_timeout", "3s", "Replication / Sending Servers"));
    assertThat(quarantine.settings())
        .containsEntry("max_connections", "400")
        .containsEntry("max_prepared_transactions", "20")
        .containsEntry("synchronous_commit", "remote_apply")
        .containsEntry("checkpoint_timeout", "30min")
        .containsEntry("wal_sender_timeout", "3s")
        .containsEntry("shared_buffers", "256MB");
    assertThat(quarantine.dropped()).isEmpty();
    assertThat(quarantine.withBuffers(64L << 20).settings())
        .containsEntry("shared_buffers", "64MB");
    assertThat(quarantine.withBuffers(64L << 20).dropped()).containsExactly("shared_buffers");
  }

  @Test
  @DisplayName("parameters that an older server does not know are not written")
  void older() {
    assertThat(of(140_000).settings()).doesNotContainKeys("archive_library", "event_triggers");
    assertThat(of(150_000).settings()).containsKey("archive_library");
    assertThat(of(150_000).settings()).doesNotContainKey("event_triggers");
    assertThat(of(170_000).settings()).containsKeys("archive_library", "event_triggers");
  }

  @Test
  @DisplayName("nobody of the real cluster logs in, and the run's password is nowhere in the clear")
  void entrance() {
    assertThat(Quarantine.entrance("cotidal_rehearsal_1a").lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"cotidal_rehearsal_1a\" 127.0.0.1/32 scram-sha-256"));
    String statements =
        Quarantine.statements("cotidal_rehearsal_1a", new Secret("swordfish-swordfish"));
    assertThat(statements)
        .contains("SET rolcanlogin = false, rolpassword = NULL")
        .contains("DELETE FROM pg_db_role_setting")
        .contains("UPDATE pg_subscription SET subenabled = false")
        .contains("TEMPLATE template0")
        .doesNotContain("swordfish");
  }
}
