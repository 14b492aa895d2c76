package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("acts on real 389 servers in trouble")
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
final class MeshTroubleIT {
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
  @DisplayName("directory/D1: who has entries is not filled from somebody with fewer")
  void populated() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.people(mesh.real.get(1), 0, 7);
    mesh.done(a, mesh.prepare(a, 1));
    mesh.done(b, mesh.prepare(b, 2));
    mesh.done(a, mesh.edge(Acts.LINK, a, b));
    assertThat(mesh.failure(a, mesh.initialise(a, b, Initialise.EMPTY)))
        .contains("is not empty", "8 entries");
    assertThat(mesh.failure(a, mesh.initialise(a, b, Initialise.SAME))).contains("data set");
    assertThat(mesh.failure(a, mesh.initialise(a, b, "whatever"))).contains("whatever");
    assertThat(mesh.failure(a, mesh.initialise(a, b, Initialise.ANY).with(Acts.GENERATION, "0123")))
        .contains("0123");
    assertThat(mesh.facts(b).entries()).isEqualTo(8);
    assertThat(mesh.fillings()).isZero();
    mesh.done(a, mesh.initialise(a, b, Initialise.ANY));
    assertThat(mesh.again(b, mesh.step(Acts.DIGEST_OF, b)).need(Acts.ENTRIES)).isEqualTo("1");
  }

  @Test
  @DisplayName("directory/D5: who took a write since it was to be filled anew is left alone")
  void written() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.build();
    mesh.prove();
    mesh.done(b, mesh.edge(Acts.UNLINK, b, a));
    mesh.people(mesh.real.get(1), 0, 1);
    assertThat(mesh.failure(a, mesh.initialise(a, b, Initialise.SAME))).contains("would be lost");
    assertThat(mesh.has(mesh.real.get(1), 0)).isTrue();
    assertThat(mesh.fillings()).isEqualTo(1);
  }

  @Test
  @DisplayName("directory/D5: a member that comes back has what it missed after a poke")
  void comesBack() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.build();
    mesh.prove();
    mesh.real.get(1).kill();
    mesh.people(mesh.real.getFirst(), 0, 3);
    await().atMost(SOON).until(() -> mesh.agreement(a, b).status() == Agreement.Status.UNREACHABLE);
    mesh.real.get(1).start();
    mesh.again(a, mesh.step(Acts.POKE, a).with(Acts.TO, "b"));
    await().atMost(SOON).until(() -> mesh.facts(b).vector().covers(mesh.facts(a).vector()));
    assertThat(mesh.fillings()).isEqualTo(1);
  }

  @Test
  @DisplayName("directory/D13: a wrong password is told of that edge, and removing it is quick")
  void wrongPassword() throws Exception {
    for (int i = 0; i < 3; i++) {
      mesh.start();
    }
    mesh.build();
    Server a = mesh.members.get(0);
    Server b = mesh.members.get(1);
    Server c = mesh.members.get(2);
    try (LDAPConnection connection = mesh.connect(mesh.real.getFirst())) {
      connection.modify(
          connection
              .search("cn=config", com.unboundid.ldap.sdk.SearchScope.SUB, "(cn=cotidal-b)", "cn")
              .getSearchEntries()
              .getFirst()
              .getDN(),
          new Modification(ModificationType.REPLACE, "nsDS5ReplicaCredentials", "wrong"));
    }
    mesh.again(a, mesh.step(Acts.POKE, a).with(Acts.TO, "b"));
    mesh.people(mesh.real.getFirst(), 0, 1);
    await().atMost(SOON).until(() -> mesh.agreement(a, b).status() == Agreement.Status.CREDENTIALS);
    assertThat(mesh.agreement(a, c).status()).isNotEqualTo(Agreement.Status.CREDENTIALS);
    assertThat(mesh.failure(a, mesh.initialise(a, b, Initialise.SAME)))
        .contains("Invalid credentials");
    mesh.again(a, mesh.edge(Acts.LINK, a, b));
    try (LDAPConnection connection = mesh.connect(mesh.real.getFirst())) {
      connection.modify(
          connection
              .search("cn=config", com.unboundid.ldap.sdk.SearchScope.SUB, "(cn=cotidal-b)", "cn")
              .getSearchEntries()
              .getFirst()
              .getDN(),
          new Modification(ModificationType.REPLACE, "nsDS5ReplicaCredentials", "wrong"));
    }
    long began = System.nanoTime();
    mesh.done(a, mesh.edge(Acts.UNLINK, a, b));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(mesh.fillings()).isEqualTo(2);
  }

  @Test
  @DisplayName("directory/D21: a consumer that is being filled is told as such, and fills nobody")
  void filling() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    mesh.people(mesh.real.getFirst(), 0, 200);
    mesh.done(a, mesh.prepare(a, 1));
    mesh.done(b, mesh.prepare(b, 2));
    mesh.done(a, mesh.edge(Acts.LINK, a, b));
    mesh.done(b, mesh.edge(Acts.LINK, b, a));
    var fill = mesh.initialise(a, b, Initialise.EMPTY);
    mesh.leftFilling(a, b, fill);
    assertThat(mesh.facts(b).initialising()).isTrue();
    assertThat(mesh.agreement(a, b).initialising()).isTrue();
    assertThat(
            mesh.failure(
                b,
                mesh.edge(Acts.INITIALISE, b, a)
                    .with(Acts.GENERATION, "0")
                    .with(Acts.EXPECT, Initialise.ANY)))
        .contains("being filled");
    assertThat(mesh.failure(b, mesh.step(Acts.RETIRE, b))).contains("being filled");
    // The inspection waits for what is under way.
    assertThat(mesh.inspect(a, fill)).isInstanceOf(Inspection.Applied.class);
    assertThat(mesh.facts(b).initialising()).isFalse();
    mesh.prove();
    assertThat(mesh.fillings()).isEqualTo(1);
  }

  @Test
  @DisplayName("directory/D1: who was half filled as its supplier died is filled anew, wholly")
  void brokenOff() throws Exception {
    Server a = mesh.start();
    Server b = mesh.start();
    Server c = mesh.start();
    mesh.people(mesh.real.getFirst(), 0, 200);
    mesh.done(a, mesh.prepare(a, 1));
    mesh.done(b, mesh.prepare(b, 2));
    mesh.done(c, mesh.prepare(c, 3));
    mesh.done(a, mesh.edge(Acts.LINK, a, c));
    mesh.done(a, mesh.initialise(a, c, Initialise.EMPTY));
    mesh.done(a, mesh.edge(Acts.LINK, a, b));
    mesh.done(c, mesh.edge(Acts.LINK, c, b));
    var fill = mesh.initialise(a, b, Initialise.EMPTY);
    mesh.leftFilling(a, b, fill);
    assertThat(mesh.facts(b).initialising()).isTrue();
    mesh.real.getFirst().kill();
    mesh.done(c, mesh.initialise(c, b, Initialise.EMPTY).within(Duration.ofSeconds(90)));
    assertThat(mesh.facts(b).initialising()).isFalse();
    assertThat(digest(b)).isEqualTo(digest(c));
  }

  private Details digest(Server server) {
    Outcome outcome = mesh.act(server, mesh.step(Acts.DIGEST_OF, server));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }
}
