package io.cotidal.directory.openldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.directory.target.Target;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("slapd's texts")
final class TextsTest {
  private static final String SUFFIX = "dc=example,dc=test";
  private static final String ACCOUNT = "cn=replicator,cn=cotidal";

  private static DirectorySpec spec(String suffix, String account, String password, Security way) {
    return new DirectorySpec(
        new ResourceId("directory", "people"),
        Mode.MANAGE,
        List.of(),
        OpenLdap.NAME,
        suffix,
        new Topology("fullmesh", Details.NONE),
        new Access(way, "", "cn=admin,cn=config", new Secret("administrator")),
        new Replication(way, 0, account, new Secret(password), Duration.ZERO, Duration.ZERO),
        Guards.DEFAULT,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5));
  }

  private static void refuses(String words, String suffix, String account, String password) {
    assertThatThrownBy(
            () -> new OpenLdap().servers(spec(suffix, account, password, Security.PLAIN)).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words)
        .hasMessageNotContaining("hidden");
  }

  @Test
  @DisplayName("it is found by its word, beside the first target")
  void found() {
    assertThat(ServiceLoader.load(Target.class).stream().map(each -> each.get().name()))
        .containsExactlyInAnyOrder("389ds", "openldap");
  }

  @Test
  @DisplayName("what slapd cannot hold is refused beforehand, in one line without the secret")
  void refused() {
    refuses("suffix", "", ACCOUNT, "hidden");
    refuses("suffix", "nonsense", ACCOUNT, "hidden");
    refuses("below the suffix", SUFFIX, "cn=replicator," + SUFFIX, "hidden");
    refuses("cn=config", SUFFIX, "cn=replicator,cn=config", "hidden");
    refuses("no parent", SUFFIX, "cn=replicator", "hidden");
    refuses("password has a quotation mark", SUFFIX, ACCOUNT, "hidden \" secret");
    refuses("suffix has a quotation mark", "o=Some\\, Inc", ACCOUNT, "hidden");
  }

  @Test
  @DisplayName("an order to fetch is read as it was written, and says nothing of the password")
  void orders() {
    Realm realm = new Realm(spec(SUFFIX, ACCOUNT, "with blanks = and #", Security.STARTTLS));
    Server from = new Server(new MemberId("a"), "2001:db8::1", 1389, Details.NONE);
    Sync wanted = Sync.wanted(realm, from, 7);
    Sync read = Sync.parse("{3}" + wanted.value());
    assertThat(read).isEqualTo(wanted);
    assertThat(read.rid()).isEqualTo(7);
    assertThat(read.host()).isEqualTo("2001:db8::1");
    assertThat(read.port()).isEqualTo(1389);
    assertThat(read.security()).isEqualTo(Security.STARTTLS);
    assertThat(read.bindDn()).isEqualTo(ACCOUNT);
    assertThat(read.credentials()).isEqualTo("with blanks = and #");
    assertThat(read.of("DC=Example, dc=test")).isTrue();
    assertThat(read.toString()).doesNotContain("blanks");
    Realm tls = new Realm(spec(SUFFIX, ACCOUNT, "s", Security.LDAPS));
    Server usual = new Server(new MemberId("b"), "b.example.org", 0, Details.NONE);
    assertThat(Sync.wanted(tls, usual, 1).words())
        .containsEntry("provider", "ldaps://b.example.org:636")
        .containsEntry("tls_reqcert", "demand")
        .doesNotContainKey("starttls");
  }

  @Test
  @DisplayName("an order that somebody wrote by hand is read too")
  void handMade() {
    Sync read =
        Sync.parse(
            "{0}rid=004   provider=ldap://Ldap-A.example.org\tsearchbase=\"dc=example,dc=test\" starttls=yes binddn=cn=x credentials=y");
    assertThat(read.rid()).isEqualTo(4);
    assertThat(read.host()).isEqualTo("ldap-a.example.org");
    assertThat(read.port()).isEqualTo(389);
    assertThat(read.security()).isNull();
    assertThat(Sync.parse("provider=nonsense").port()).isEqualTo(-1);
    assertThat(Sync.parse("provider=nonsense").rid()).isEqualTo(-1);
  }

  @Test
  @DisplayName("contextCSN is read whole or not at all")
  void vectors() {
    Csns one =
        Csns.parse(
            List.of(
                "20260101000000.000001Z#000000#001#000000",
                "20260101000000.000000Z#000002#00b#000000"));
    assertThat(one.vector("g").latest(1)).isEqualTo(new Csn(1_767_225_600L, 0, 1, 0x1000));
    assertThat(one.vector("g").latest(11)).isEqualTo(new Csn(1_767_225_600L, 0, 11, 2));
    Csn last =
        Csns.parse(List.of("20260101000000.999999Z#ffffff#fff#000000")).vector("g").latest(4095);
    // As the journal keeps it.
    assertThat(Csn.parse(String.valueOf(last))).isEqualTo(last);
    Csns later = Csns.parse(List.of("20260101000000.000002Z#000000#001#000000"));
    assertThat(one.covers(later)).isFalse();
    assertThat(later.covers(one)).isFalse();
    assertThat(one.covers(Csns.NONE)).isTrue();
    assertThat(Csns.parse(List.of(one.toString().split(" ", -1)))).isEqualTo(one);
    for (String bad : List.of("", "nonsense", "20269901000000.000001Z#000000#001#000000")) {
      assertThatThrownBy(() -> Csns.parse(List.of(bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("contextCSN");
    }
  }

  @Test
  @DisplayName("a stored password tells whether it is the configured one")
  void passwords() {
    String stored = Secrets.hashed("first");
    assertThat(stored).startsWith("{SSHA}").isNotEqualTo(Secrets.hashed("first"));
    assertThat(Secrets.matches(stored, "first")).isTrue();
    assertThat(Secrets.matches(stored, "other")).isFalse();
    assertThat(Secrets.matches("first", "first")).isFalse();
    assertThat(Secrets.matches("{SSHA}nonsense!", "first")).isFalse();
  }
}
