package io.cotidal.directory.openldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.conformance.Fleet;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Observation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("what is special about slapd")
@Timeout(120)
final class OpenLdapIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String DATABASE = "olcDatabase={1}mdb,cn=config";

  private final Vendor vendor = new Vendor();
  private Fleet fleet;

  @BeforeEach
  void open() throws Exception {
    fleet = new Fleet(vendor);
  }

  @AfterEach
  void close() throws Exception {
    fleet.close();
  }

  private LDAPConnection connect(Server member) throws Exception {
    return vendor.connect(fleet.real(member));
  }

  @Test
  @DisplayName(
      "directory/D1: no order to fetch is made on a server whose entries it would take away")
  void refusesBefore() throws Exception {
    Server a = fleet.start(2);
    Server b = fleet.start(7);
    fleet.done(a, fleet.prepare(a, 1));
    fleet.done(b, fleet.prepare(b, 2));
    Details before = fleet.again(b, fleet.step(Acts.DIGEST_OF, b));
    assertThat(fleet.failure(b, fleet.edge(Acts.LINK, a, b)))
        .contains("not empty", "8 entries", "would be lost");
    assertThat(fleet.facts(b).agreements()).isEmpty();
    assertThat(fleet.facts(b).initialising()).isFalse();
    assertThat(fleet.failure(a, fleet.initialise(a, b, "any"))).contains("cannot be told");
    assertThat(fleet.again(b, fleet.step(Acts.DIGEST_OF, b))).isEqualTo(before);
  }

  @Test
  @DisplayName("a server without the suffix entry is filled; one that has it gives nothing away")
  void withoutSuffixEntry() throws Exception {
    Server a = fleet.start(9);
    Server b = fleet.start(0);
    try (LDAPConnection connection = connect(b)) {
      connection.delete(Fleet.SUFFIX);
    }
    assertThat(fleet.facts(b).suffix()).isTrue();
    assertThat(fleet.facts(b).entries()).isZero();
    fleet.done(a, fleet.prepare(a, 1));
    assertThat(fleet.done(b, fleet.prepare(b, 2)).need(Acts.GENERATION)).isEmpty();
    assertThat(fleet.failure(a, fleet.edge(Acts.LINK, b, a))).contains("nothing to fetch");
    fleet.link(a, b);
    fleet.again(a, fleet.initialise(a, b, "empty"));
    assertThat(fleet.people(b)).isEqualTo(9);
    fleet.link(b, a);
    fleet.prove();
  }

  @Test
  @DisplayName("while it is being filled, a server tells no data set, and fills nobody")
  void filling() throws Exception {
    Server a = fleet.start(3);
    Server b = fleet.start(0);
    Server c = fleet.start(0);
    for (int i = 0; i < 3; i++) {
      fleet.done(fleet.members.get(i), fleet.prepare(fleet.members.get(i), i + 1));
    }
    try (LDAPConnection connection = connect(b)) {
      connection.modify(
          home(connection),
          new Modification(ModificationType.ADD, "description", "cotidal people fill a"));
    }
    assertThat(fleet.facts(b).initialising()).isTrue();
    assertThat(fleet.facts(b).vector().initialised()).isFalse();
    assertThat(fleet.failure(c, fleet.edge(Acts.LINK, b, c))).contains("being filled itself");
    fleet.link(a, b);
    assertThat(fleet.inspect(a, fleet.initialise(a, b, "empty")))
        .isInstanceOf(Inspection.NotApplied.class);
    fleet.done(a, fleet.initialise(a, b, "empty"));
    assertThat(fleet.facts(b).initialising()).isFalse();
  }

  @Test
  @DisplayName(
      "directory/D21: one that is killed while it is filled is not taken for full before it is")
  void killedMeanwhile() throws Exception {
    Server a = fleet.start(3_000);
    Server b = fleet.start(0);
    fleet.done(a, fleet.prepare(a, 1));
    fleet.done(b, fleet.prepare(b, 2));
    fleet.again(b, fleet.edge(Acts.LINK, a, b));
    fleet.real(b).kill();
    fleet.real(b).start();
    assertThat(fleet.facts(b).initialising()).isTrue();
    assertThat(fleet.facts(b).vector().initialised()).isFalse();
    fleet.done(a, fleet.initialise(a, b, "empty"));
    assertThat(fleet.people(b)).isEqualTo(3_000);
    assertThat(fleet.facts(b).initialising()).isFalse();
    fleet.link(b, a);
    fleet.prove();
  }

  @Test
  @DisplayName("directory/D1: one that lost its disk empties nobody, and fills itself")
  void lostDisk() throws Exception {
    Server a = fleet.start(300);
    Server b = fleet.start(0);
    fleet.build();
    fleet.prove();
    for (Server each : List.of(b, a)) {
      fleet.real(each).kill();
      Vendor.wipe(fleet.real(each));
      fleet.real(each).start();
      Server other = each.equals(a) ? b : a;
      fleet.people(other, each.equals(b) ? 300 : 301, 1);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> {
            assertThat(fleet.people(other)).isGreaterThanOrEqualTo(301);
            assertThat(fleet.people(each)).isEqualTo(fleet.people(other));
            assertThat(fleet.facts(each).initialising()).isFalse();
          });
      fleet.prove();
    }
    assertThat(fleet.people(a)).isEqualTo(302);
  }

  private static String home(LDAPConnection connection) throws Exception {
    return connection
        .search("cn=config", SearchScope.SUB, "(olcSuffix=cn=cotidal)", "1.1")
        .getSearchEntries()
        .getFirst()
        .getDN();
  }

  @Test
  @DisplayName(
      "of several orders one is taken away, and the others go on; a restart finds all well")
  void others() throws Exception {
    Server a = fleet.start(1);
    Server b = fleet.start(0);
    Server c = fleet.start(0);
    for (int i = 0; i < 3; i++) {
      fleet.done(fleet.members.get(i), fleet.prepare(fleet.members.get(i), i + 1));
    }
    fleet.link(a, b);
    fleet.again(a, fleet.initialise(a, b, "empty"));
    fleet.link(b, c);
    fleet.again(b, fleet.initialise(b, c, "empty"));
    fleet.link(c, b);
    fleet.done(b, fleet.edge(Acts.UNLINK, c, b));
    fleet.people(a, 1, 1);
    await().atMost(SOON).until(() -> fleet.people(c) == 2);
    // Nobody sends to a: what is written at c stays there.
    fleet.people(c, 10, 1);
    fleet.done(b, fleet.edge(Acts.UNLINK, a, b));
    assertThat(fleet.facts(b).agreements()).isEmpty();
    fleet.people(b, 20, 1);
    await().atMost(SOON).until(() -> fleet.people(c) == 4);
    assertThat(fleet.people(a)).isEqualTo(2);
    fleet.real(b).kill();
    fleet.real(b).start();
    fleet.people(b, 21, 1);
    await().atMost(SOON).until(() -> fleet.people(c) == 5);
  }

  @Test
  @DisplayName("directory/D18: an order of somebody else stays, and is ours once adopted")
  void adopts() throws Exception {
    Server a = fleet.start(1);
    Server b = fleet.start(0);
    fleet.build();
    fleet.done(b, fleet.edge(Acts.UNLINK, a, b));
    try (LDAPConnection connection = connect(b)) {
      connection.modify(
          DATABASE,
          List.of(
              new Modification(
                  ModificationType.ADD,
                  "olcSyncrepl",
                  "rid=077 provider=ldap://127.0.0.1:%d searchbase=%s type=refreshAndPersist retry=\"1 +\" bindmethod=simple binddn=%s credentials=\"%s\""
                      .formatted(a.port(), Fleet.SUFFIX, vendor.account(), Fleet.SECRET)),
              new Modification(ModificationType.ADD, "olcMultiProvider", "TRUE")));
    }
    Agreement foreign = fleet.facts(b).agreements().getFirst();
    assertThat(foreign.owned()).isFalse();
    assertThat(foreign.credentials()).isEqualTo(Credentials.UNKNOWN);
    assertThat(foreign.to()).isEqualTo(a.id());
    assertThat(fleet.failure(b, fleet.edge(Acts.LINK, a, b))).contains("077", "adopt");
    fleet.again(b, fleet.edge(Acts.UNLINK, a, b));
    assertThat(fleet.facts(b).agreements()).hasSize(1);
    assertThat(fleet.failure(b, fleet.step(Acts.RETIRE, b))).contains("not ours");
    fleet.done(b, fleet.edge(Acts.ADOPT, a, b));
    assertThat(fleet.facts(b).agreements().getFirst().owned()).isTrue();
    fleet.done(b, fleet.edge(Acts.LINK, a, b));
    fleet.prove();
    fleet.done(b, fleet.edge(Acts.UNLINK, a, b));
    assertThat(fleet.facts(b).agreements()).isEmpty();
  }

  @Test
  @DisplayName("an account that may not see everything is told so, and nothing is taken for empty")
  void blind() throws Exception {
    Server a = fleet.start(4);
    try (LDAPConnection connection = connect(a)) {
      connection.modify(
          DATABASE,
          new Modification(ModificationType.REPLACE, "olcRootDN", "cn=other," + Fleet.SUFFIX));
    }
    Observation<DirectoryFacts> seen = fleet.look(a);
    assertThat(seen).isInstanceOf(Observation.CannotTell.class);
    assertThat(seen.sentence()).contains("olcRootDN");
  }

  @Test
  @DisplayName("what everybody may read beforehand, everybody may read afterwards")
  void rights() throws Exception {
    Server a = fleet.start(2);
    fleet.done(a, fleet.prepare(a, 1));
    try (LDAPConnection nobody = new LDAPConnection("127.0.0.1", a.port())) {
      assertThat(nobody.search(Fleet.SUFFIX, SearchScope.SUB, "(objectClass=person)", "cn"))
          .satisfies(found -> assertThat(found.getEntryCount()).isEqualTo(2));
    }
    try (LDAPConnection replicator =
        new LDAPConnection("127.0.0.1", a.port(), vendor.account(), Fleet.SECRET)) {
      assertThat(replicator.search(Fleet.SUFFIX, SearchScope.SUB, "(objectClass=person)", "cn"))
          .satisfies(found -> assertThat(found.getEntryCount()).isEqualTo(2));
      assertThatThrownBy(() -> replicator.delete("cn=p0," + Fleet.SUFFIX))
          .hasMessageContaining("access");
    }
    assertThat(fleet.people(a)).isEqualTo(2);
  }
}
