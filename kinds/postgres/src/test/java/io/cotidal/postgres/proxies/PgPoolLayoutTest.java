package io.cotidal.postgres.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of a Pgpool-II say, as its control port tells them. */
@Timeout(20)
class PgPoolLayoutTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");

  static PostgresSpec spec() {
    Secret secret = new Secret("s");
    return new PostgresSpec(
        new ResourceId("postgres", "orders"),
        Mode.MANAGE,
        java.util.List.of(server(A, 5433), server(B, 5434)),
        1,
        Failover.DEFAULT,
        new Access("postgres", secret, "replicator", secret),
        new TreeMap<>());
  }

  private static Server server(MemberId id, int port) {
    return new Server(id, "10.0.0.1", port, Path.of("/srv/" + id), Path.of("/bin"), "");
  }

  private static Map<String, String> settings() {
    return new TreeMap<>(
        Map.of(
            "backend_hostname0", "10.0.0.1",
            "backend_port0", "5434",
            "backend_flag0", "ALLOW_TO_FAILOVER",
            "backend_hostname1", "10.0.0.1",
            "backend_port1", "5433",
            "backend_clustering_mode", "1",
            "health_check_period", "0",
            "failover_on_backend_error", "0",
            "failover_command", ""));
  }

  @Test
  @DisplayName("Nodes are members by address and port, whatever their numbers")
  void nodes() {
    PgPoolLayout layout = PgPoolLayout.of(spec(), settings());
    assertThat(layout.number(A)).contains(1);
    assertThat(layout.number(B)).contains(0);
    assertThat(layout.cautions()).isEmpty();
  }

  @Test
  @DisplayName("A node that is no member is none, and a member without a node is said")
  void strangers() {
    Map<String, String> settings = settings();
    settings.put("backend_port1", "5999");
    PgPoolLayout layout = PgPoolLayout.of(spec(), settings);
    assertThat(layout.nodes()).containsEntry(1, Optional.empty());
    assertThat(layout.addresses()).containsEntry(1, "10.0.0.1:5999");
    assertThat(layout.cautions()).containsExactly("it has no node for a");
  }

  @ParameterizedTest
  @CsvSource({
    "failover_on_backend_error,on,decides by itself",
    "failover_on_backend_error,1,decides by itself",
    "failover_on_backend_shutdown,on,decides by itself",
    "detach_false_primary,on,decides by itself",
    "auto_failback,on,decides by itself",
    "health_check_period,10,decides by itself",
    "health_check_period1,5,decides by itself",
    "failover_command,/etc/failover.sh %d,program of its own",
    "failback_command,/etc/b,program of its own",
    "follow_primary_command,/etc/follow.sh,program of its own",
    "backend_flag0,DISALLOW_TO_FAILOVER,cannot be led",
    "backend_clustering_mode,2,streaming_replication",
  })
  @DisplayName("Whatever lets it decide a failover itself, or keeps it from being led, is said")
  void cautions(String name, String value, String said) {
    Map<String, String> settings = settings();
    settings.put(name, value);
    assertThat(PgPoolLayout.of(spec(), settings).cautions())
        .singleElement()
        .satisfies(caution -> assertThat(caution).contains(said));
  }
}
