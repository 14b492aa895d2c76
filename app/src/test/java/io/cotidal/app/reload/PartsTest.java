package io.cotidal.app.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.kinds.Wing;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Reconfiguration.Change;
import io.cotidal.server.Reconfiguration.How;
import io.cotidal.server.Reconfiguration.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PartsTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  private static final ResourceId OLD = new ResourceId("postgres", "orders.old");

  @TempDir Path folder;

  private Parts parts(String text) throws IOException {
    return Parts.of(Written.of(folder, text));
  }

  private static Fingerprint shared(Parts parts) {
    return parts.resources().get(ORDERS).shared();
  }

  @Test
  @DisplayName("each key belongs to the resource whose name is longest, the others to the house")
  void owners() throws IOException {
    Parts parts = parts(Written.TEXT);
    assertThat(parts.resources()).containsOnlyKeys(ORDERS, OLD);
    assertThat(parts.resources().get(ORDERS).shown())
        .containsEntry("members[b].port", "5434")
        .containsEntry("members", "a b")
        .containsEntry("superuser.password", "*** (env:ONE)");
    assertThat(parts.resources().get(OLD).shown()).containsEntry("members[a].port", "5443");
    assertThat(parts.rest()).containsEntry("listen", "127.0.0.1:7400");
    assertThat(parts.rest().keySet()).noneMatch(key -> key.startsWith("postgres."));
  }

  @Test
  @DisplayName("what each daemon has of its own is not compared: drivers, ways, secrets, defaults")
  void shared() throws IOException {
    Parts parts = parts(Written.TEXT);
    Parts other =
        parts(
            Written.TEXT
                .replace("env:ONE", "env:TWO")
                .replace(
                    "{name: b, port: 5434, data: /srv/b}",
                    "{name: b, driver: ssh, port: 5434, data: /srv/b, addresses: {control: 10.0.0.9},"
                        + " ssh: {identity: /k, known-hosts: /h}}"));
    assertThat(shared(other).differences(shared(parts))).isEmpty();
    assertThat(shared(parts).digests())
        .doesNotContainKeys("failover.confirm", "superuser.password");
    assertThat(Fingerprint.parse(shared(parts).keys())).isEqualTo(shared(parts));
    assertThat(shared(parts).keys()).doesNotContain("hunter", "5433");
  }

  @Test
  @DisplayName("the order of the members is compared, that of the keys is not")
  void order() throws IOException {
    Parts parts = parts(Written.TEXT);
    Parts swapped =
        parts(
            Written.TEXT
                .replace("{name: a, port: 5433, data: /srv/a}", "X")
                .replace(
                    "{name: b, port: 5434, data: /srv/b}", "{name: a, port: 5433, data: /srv/a}")
                .replace("- X", "- {data: /srv/b, port: 5434, name: b}"));
    assertThat(shared(swapped).differences(shared(parts))).containsExactly("members");
  }

  private static Optional<Wing.Exchange> can(ResourceId id) {
    return Optional.of(
        new Wing.Exchange() {
          @Override
          public Managed<?, ?> resource(Configuration next, ResourceId each) {
            throw new IllegalStateException("nothing runs here");
          }

          @Override
          public Optional<String> objection(Configuration next, ResourceView running) {
            return Optional.empty();
          }

          @Override
          public void applied(Configuration next, Set<ResourceId> changed) {}
        });
  }

  @Test
  @DisplayName(
      "changes: released first, then changed; the house takes a restart, so do kinds that cannot")
  void changes() throws IOException {
    Parts before = parts(Written.TEXT);
    Parts after =
        parts(
            Written.TEXT
                .substring(0, Written.TEXT.indexOf("  orders.old"))
                .replace("7400", "7401")
                .replace("quorum: 1", "quorum: 0"));
    Changes changes = Changes.between(before, after, PartsTest::can);
    assertThat(changes.possible())
        .extracting(Changes.One::id, Changes.One::how)
        .containsExactly(tuple(OLD, How.RELEASED), tuple(ORDERS, How.CHANGED));
    assertThat(changes.possible().getLast().lines()).containsExactly("~ quorum = 1 -> 0");
    assertThat(changes.restarts())
        .extracting(Change::what, Change::state)
        .containsExactly(tuple("listen", State.RESTART));
    assertThat(Changes.between(before, after, id -> Optional.empty()).possible()).isEmpty();
    assertThat(Changes.between(before, before, PartsTest::can).planned()).isEmpty();
  }

  @Test
  @DisplayName("a secret that has become another one changes its resource, and is not shown")
  void secret() throws IOException {
    Parts before = parts(Written.TEXT);
    Parts after = parts(Written.TEXT.replaceFirst("env:TWO", "env:ONE"));
    assertThat(Changes.between(before, after, PartsTest::can).possible().getFirst().lines())
        .containsExactly("~ replication.password = *** (env:TWO) -> *** (env:ONE)");
  }
}
