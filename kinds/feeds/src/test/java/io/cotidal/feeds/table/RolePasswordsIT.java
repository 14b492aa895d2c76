package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgisServer;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.LocalProcesses;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS that logs each statement that changes something. */
@Timeout(60)
@DisplayName("Passwords of a roles file")
class RolePasswordsIT {
  @TempDir static Path folder;
  private static Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    replica = Replica.start(folder);
    replica.replica("ALTER SYSTEM SET log_statement = 'ddl'");
    replica.replica("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void end() throws Exception {
    if (replica != null) {
      replica.close();
    }
  }

  private static Prepared roles(String sql) throws Exception {
    return replica.tables.roles(new Body.Roles(sql), List.of(), Replica.soon());
  }

  private static String kept(String role) throws Exception {
    return replica
        .read("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'")
        .getFirst();
  }

  private static void logsIn(String role, String password) throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:" + replica.server.port() + "/replica";
    try (Connection connection = DriverManager.getConnection(url, role, password)) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  @DisplayName("reach no log of the server, and open it; one that is there is not written again")
  void log() throws Exception {
    String file = "CREATE ROLE p_one LOGIN PASSWORD 'first-secret'; CREATE ROLE p_two";
    assertThat(roles(file).changed()).isTrue();
    logsIn("p_one", "first-secret");
    String first = kept("p_one");
    assertThat(roles(file).changed()).isFalse();
    assertThat(kept("p_one")).isEqualTo(first);

    assertThat(roles("ALTER ROLE p_one PASSWORD 'second-secret'").changed()).isTrue();
    logsIn("p_one", "second-secret");
    assertThat(replica.server.log())
        .contains("CREATE ROLE \"p_one\"", "ALTER ROLE \"p_one\"", "SCRAM-SHA-256$4096:")
        .doesNotContain("first-secret", "second-secret");
  }

  @Test
  @DisplayName("that are verifiers are given to the server as they are")
  void verifiers() throws Exception {
    String scram = Verifier.of("of-a-master", new byte[] {1, 2, 3}).sql();
    String md5 = "md5" + "0123456789abcdef".repeat(2);
    String file =
        "CREATE ROLE p_scram LOGIN PASSWORD '%s'; CREATE ROLE p_md5 PASSWORD '%s'"
            .formatted(scram, md5);
    assertThat(roles(file).changed()).isTrue();
    assertThat(kept("p_scram")).isEqualTo(scram);
    assertThat(kept("p_md5")).isEqualTo(md5);
    logsIn("p_scram", "of-a-master");
    assertThat(roles(file).changed()).isFalse();
  }

  @Test
  @DisplayName("are normalized as the server does it, whatever characters they are of")
  void normalized() throws Exception {
    List<String> odd =
        List.of(
            "plain",
            "caf\u00E9",
            "cafe\u0301",
            "\u2168",
            "a\u00A0b",
            "a\u00ADb",
            "\u00AD",
            "a\tb",
            "\uD83D\uDE00\u2168",
            "\u2764\uFE0F",
            "\u0627\u0628",
            "\u0627a\u2168",
            "\u06271",
            "\u3002\u2168",
            "\u20BF\u2168",
            "\u200B\u2168",
            "\u0221\u2168",
            "\uE000\u2168",
            "stra\u00DFe",
            "\u2028\u2168",
            "\u212B",
            "\u1E9E\u2168");
    for (String password : odd) {
      replica.replica(
          "DROP ROLE IF EXISTS p_odd; CREATE ROLE p_odd PASSWORD " + Quote.literal(password));
      assertThat(Verifier.holds(kept("p_odd"), "p_odd", password))
          .as(password.codePoints().mapToObj(Integer::toHexString).toList().toString())
          .isTrue();
      assertThat(Verifier.holds(kept("p_odd"), "p_odd", password + "!")).isFalse();
    }
    replica.replica("SET password_encryption = 'md5'; CREATE ROLE p_old PASSWORD 'of old times'");
    assertThat(Verifier.holds(kept("p_old"), "p_old", "of old times")).isTrue();
    assertThat(Verifier.holds(kept("p_old"), "p_old", "of new times")).isFalse();
  }

  @Test
  @DisplayName("are written anew by one who may not read what the server keeps")
  void unreadable() throws Exception {
    replica.replica(
        "CREATE ROLE feeder LOGIN CREATEROLE PASSWORD 'feeder'; GRANT CREATE ON DATABASE replica TO feeder");
    FeedsSpec.Database all = Replica.database(replica.server);
    Tables tables =
        new Tables(
            new FeedsSpec.Database(
                all.host(),
                all.port(),
                all.name(),
                "feeder_publish",
                "feeder",
                Optional.of(new Secret("feeder")),
                all.bin(),
                all.keep(),
                all.budgetBytes(),
                all.lockWait()),
            new LocalProcesses(),
            replica.folder());
    Body.Roles file = new Body.Roles("CREATE ROLE p_far LOGIN PASSWORD 'far-secret'");
    tables.roles(file, List.of(), Replica.soon());
    replica.replica("ALTER ROLE p_far PASSWORD 'somebody else''s'");
    assertThat(tables.roles(file, List.of(), Replica.soon()).changed()).isTrue();
    logsIn("p_far", "far-secret");
    assertThat(replica.server.log()).doesNotContain("far-secret");
  }
}
