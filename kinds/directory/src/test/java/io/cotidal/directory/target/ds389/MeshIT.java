package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("acts on real 389 servers")
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
final class MeshIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Mesh mesh;

  @BeforeEach
  void open() throws Exception {
    mesh = new Mesh();
  }

  @AfterEach
  void close() throws Exception {
    mesh.close();
  }

  @Test
  @DisplayName("directory/D6: a mesh of three is made and proven; poke and clean fill nobody again")
  void threeMembers() throws Exception {
    for (int i = 0; i < 3; i++) {
      mesh.start();
    }
    mesh.people(mesh.real.getFirst(), 0, 20);
    mesh.build();
    mesh.prove();
    assertThat(mesh.fillings()).isEqualTo(2);
    Server a = mesh.members.getFirst();
    DirectoryFacts facts = mesh.facts(a);
    Replica replica = Objects.requireNonNull(facts.replica());
    assertThat(replica.id()).isEqualTo(1);
    assertThat(replica.credentials()).isEqualTo(Credentials.CURRENT);
    assertThat(replica.settings().isEmpty()).isTrue();
    assertThat(facts.vector().elements()).containsOnlyKeys(1, 2, 3);
    assertThat(facts.agreements())
        .allSatisfy(each -> assertThat(each.owned() && each.enabled()).isTrue())
        .hasSize(2);
    mesh.again(a, mesh.step(Acts.POKE, a).with(Acts.TO, "b,c"));
    mesh.done(a, mesh.step(Acts.CLEAN, a).with(Acts.ID, 77));
    mesh.prove();
    assertThat(mesh.fillings()).isEqualTo(2);
    mesh.again(a, mesh.edge(Acts.LINK, a, mesh.members.get(1)));
    assertThat(mesh.facts(a).agreements()).hasSize(2);
  }

  @Test
  @DisplayName("directory/D7: who leaves is gone from every agreement and every vector")
  void leaves() throws Exception {
    for (int i = 0; i < 3; i++) {
      mesh.start();
    }
    mesh.build();
    Server a = mesh.members.get(0);
    Server b = mesh.members.get(1);
    Server c = mesh.members.get(2);
    mesh.prove();
    mesh.done(c, mesh.step(Acts.RETIRE, c));
    assertThat(mesh.facts(c).replica()).isNull();
    assertThat(mesh.facts(c).agreements()).isEmpty();
    // From here on nobody names it any more.
    mesh.members.remove(c);
    mesh.done(a, mesh.edge(Acts.UNLINK, a, c));
    mesh.done(b, mesh.edge(Acts.UNLINK, b, c));
    mesh.done(a, mesh.step(Acts.CLEAN, a).with(Acts.ID, 3));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          for (Server each : List.of(a, b)) {
            assertThat(mesh.facts(each).vector().elements()).containsOnlyKeys(1, 2);
          }
        });
    assertThat(mesh.facts(a).cleanings()).anyMatch(task -> task.id() == 3 && task.done());
    assertThat(mesh.failure(a, mesh.step(Acts.CLEAN, a).with(Acts.ID, 1))).contains("own");
    mesh.members.add(c);
    mesh.done(c, mesh.prepare(c, 4));
    assertThat(mesh.facts(c).vector().generation())
        .isNotEqualTo(mesh.facts(a).vector().generation());
  }

  @Test
  @DisplayName(
      "directory/D5: agreements that are stopped, made anew and given a password at once send afterwards, and the server lives")
  void atOnce() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.build();
    try (ExecutorService acts = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 12; round++) {
        int person = round;
        List<Servers.Order> orders =
            List.of(
                mesh.order(mesh.step(Acts.POKE, a).with(Acts.TO, "b")),
                mesh.order(mesh.edge(Acts.LINK, a, b)),
                mesh.order(mesh.step(Acts.ROTATE, a)));
        List<Callable<Outcome>> calls = new ArrayList<>();
        orders.forEach(order -> calls.add(() -> mesh.servers.act(a, order)));
        for (Future<Outcome> each : acts.invokeAll(calls)) {
          assertThat(each.get()).as("round %d", round).isInstanceOf(Outcome.Done.class);
        }
        mesh.people(mesh.real.getFirst(), person, 1);
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(mesh.has(mesh.real.get(1), person))
                    .as(() -> "round %d, %s".formatted(person, mesh.agreement(a, b)))
                    .isTrue());
      }
    }
  }

  @Test
  @DisplayName("directory/D12: a new password reaches every edge, and a look tells which have it")
  void rotates() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.build();
    mesh.servers.close();
    mesh.servers = mesh.servers("another-secret");
    assertThat(mesh.agreement(a, b).credentials()).isEqualTo(Credentials.OTHER);
    for (Server each : mesh.members) {
      mesh.done(each, mesh.step(Acts.ROTATE, each));
      assertThat(Objects.requireNonNull(mesh.facts(each).replica()).credentials())
          .isEqualTo(Credentials.CURRENT);
    }
    mesh.prove();
    assertThat(mesh.agreement(b, a).credentials()).isEqualTo(Credentials.CURRENT);
    assertThat(mesh.agreement(b, a).status()).isNotEqualTo(Agreement.Status.CREDENTIALS);
  }

  @Test
  @DisplayName("directory/D11: a copied server is known by its making of unique ids")
  void clones() throws Exception {
    DirectoryServer first =
        DirectoryServer.start(mesh.lab, DirectoryServer.Settings.plain(Mesh.SUFFIX));
    first.stop();
    DirectoryServer copy = first.copy();
    first.start();
    copy.start();
    Server a = mesh.take(first);
    Server b = mesh.take(copy);
    Server c = mesh.start();
    assertThat(mesh.facts(a).machine()).isNotEmpty().isEqualTo(mesh.facts(b).machine());
    assertThat(mesh.facts(c).machine()).isNotEqualTo(mesh.facts(a).machine());
  }

  @Test
  @DisplayName("directory/D18: an agreement of somebody else stays, and is ours once adopted")
  void adopts() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.done(a, mesh.prepare(a, 1));
    mesh.done(b, mesh.prepare(b, 2));
    try (LDAPConnection connection = mesh.connect(mesh.real.getFirst())) {
      String replica =
          connection
              .search(
                  "cn=config",
                  com.unboundid.ldap.sdk.SearchScope.SUB,
                  "(objectClass=nsDS5Replica)",
                  "cn")
              .getSearchEntries()
              .getFirst()
              .getDN();
      connection.add(
          "dn: cn=meTob," + replica,
          "objectClass: nsds5ReplicationAgreement",
          "cn: meTob",
          "nsDS5ReplicaHost: 127.0.0.1",
          "nsDS5ReplicaPort: " + b.port(),
          "nsDS5ReplicaTransportInfo: LDAP",
          "nsDS5ReplicaBindMethod: SIMPLE",
          "nsDS5ReplicaBindDN: " + Mesh.ACCOUNT,
          "nsDS5ReplicaCredentials: " + Mesh.SECRET,
          "nsDS5ReplicaRoot: " + Mesh.SUFFIX);
    }
    assertThat(mesh.agreement(a, b).owned()).isFalse();
    assertThat(mesh.failure(a, mesh.edge(Acts.LINK, a, b))).contains("meTob", "adopt");
    mesh.again(a, mesh.edge(Acts.UNLINK, a, b));
    assertThat(mesh.facts(a).agreements()).hasSize(1);
    mesh.done(a, mesh.edge(Acts.ADOPT, a, b));
    assertThat(mesh.agreement(a, b).owned()).isTrue();
    assertThat(mesh.agreement(a, b).credentials()).isEqualTo(Credentials.UNKNOWN);
    mesh.done(a, mesh.edge(Acts.LINK, a, b));
    assertThat(mesh.agreement(a, b).credentials()).isEqualTo(Credentials.CURRENT);
    mesh.done(a, mesh.edge(Acts.UNLINK, a, b));
  }
}
