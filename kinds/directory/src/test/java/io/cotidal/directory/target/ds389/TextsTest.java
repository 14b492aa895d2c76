package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.target.Target;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("what 389 DS writes is understood, or refused")
@Timeout(60)
final class TextsTest {

  @Test
  @DisplayName("389 DS is found by its word")
  void found() {
    assertThat(ServiceLoader.load(Target.class).stream().map(each -> each.get().name()))
        .contains("389ds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SUCCEEDED | Error (0) Replica acquired successfully: Incremental update succeeded",
        "SENDING | Error (0) Replica acquired successfully: Incremental update started",
        "SENDING | Error (0) Total update in progress",
        "SUCCEEDED | Error (0) Total update succeeded",
        "NONE_YET | Error (0) No replication sessions started since server startup",
        "NONE_YET | ''",
        "SAME_ID | Error (11) Replication error acquiring replica: Unable to aquire replica: the replica has the same Replica ID as this one. Replication is aborting. (duplicate replica ID detected)",
        "OTHER_DATA | Error (19) Replication error acquiring replica: Replica has different database generation ID, remote replica may need to be initialized (RUV error)",
        "CREDENTIALS | Error (49) Problem connecting to replica - LDAP error: Invalid credentials (connection error)",
        "UNREACHABLE | Error (-1) Problem connecting to replica - LDAP error: Can't contact LDAP server (connection error)",
        "TLS | Error (-11) Problem connecting to replica - LDAP error: Connect error (connection error)",
        "BUSY | Error (1) Can't acquire busy replica (replica busy)",
        "STALLED | Error (18) Can't acquire replica (Incremental update transient warning.  Backing off, will retry update later.)",
        "STALLED | Error (18) Replication error acquiring replica: Incremental update transient error.  Backing off, will retry update later. (transient error)",
        "PURGED | Error (18) Data required to update replica has been purged from the changelog. If the error persists the replica must be reinitialized.",
        "PURGED | Error (15) Changelog data is missing. If the error persists the replica must be reinitialized.",
        "UNREACHABLE | Error (16) Incremental update connection error.  Backing off, will retry update later.",
        "NONE_YET | Error (0) Replica acquired successfully: agreement disabled",
        "FAILED | Error (6) Replication error acquiring replica: Unable to acquire replica: there is no replicated area on the consumer server. Replication is aborting. (no such replica)",
        "FAILED | Error (401) something nobody has seen",
        "FAILED | gibberish",
        "FAILED | Error (99999999999) too much",
      })
  void statuses(Agreement.Status status, String sentence) {
    assertThat(Status.of(sentence)).isEqualTo(status);
  }

  @Property
  @Label("no status breaks the reader, and none that is not 0 is well")
  void anyStatus(@ForAll String text, @ForAll @IntRange(min = 1) int code) {
    assertThat(Status.of(text)).isNotNull();
    assertThat(Status.of("Error (" + code % 1_000_000 + ") " + text))
        .satisfiesAnyOf(
            status -> assertThat(code % 1_000_000).isZero(),
            status -> assertThat(status).isNotEqualTo(Agreement.Status.SUCCEEDED));
  }

  @Example
  @Label("a vector with and without addresses and numbers")
  void vector() {
    Vector vector =
        Ruv.parse(
            "{replicageneration} 6b01C3f9000000030000",
            "{replica 3 ldap://localhost:18672} 6b01c3fa000000030000 6b01c3fb000100030000",
            "{replica 4 ldap://localhost:389}",
            "{replica 5} 6b01c3fa000000050000 6b01c3fb000100050000",
            "{replica 6}");
    assertThat(vector.generation()).isEqualTo("6b01c3f9000000030000");
    assertThat(vector.latest(3)).isEqualTo(Csn.parse("6b01c3fb000100030000"));
    assertThat(vector.latest(4)).isNull();
    assertThat(Objects.requireNonNull(vector.latest(5)).sequence()).isEqualTo(1);
    assertThat(vector.elements()).containsOnlyKeys(3, 4, 5, 6);
  }

  @Property
  @Label("what is no part of a vector is refused, never half read")
  void hostile(@ForAll String text) {
    assertThatThrownBy(() -> Ruv.parse("{replica 1}", "x" + text))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Property
  @Label("a change's number reads back as it was written")
  void csn(
      @ForAll @LongRange(min = 0, max = 0xffffffffL) long seconds,
      @ForAll @IntRange(min = 0, max = 0xffff) int sequence,
      @ForAll @IntRange(min = 0, max = 0xffff) int replica) {
    Csn csn = new Csn(seconds, sequence, replica, 0);
    assertThat(Csn.parse(csn.toString())).isEqualTo(csn);
    assertThat(Csn.parse(csn.toString().toUpperCase(Locale.ROOT))).isEqualTo(csn);
  }

  @Example
  @Label("the mark tells ours from others', and whether the password is the configured one")
  void marks() {
    Realm realm = realm("one");
    assertThat(realm.ours(realm.description())).isTrue();
    assertThat(realm.ours("cotidal people2 " + realm.fingerprint())).isFalse();
    assertThat(realm.ours("cotidal people and more")).isFalse();
    assertThat(realm.ours(null)).isFalse();
    assertThat(realm.credentials(realm.description())).isEqualTo(Credentials.CURRENT);
    assertThat(realm.credentials(realm("two").description())).isEqualTo(Credentials.OTHER);
    assertThat(realm.credentials("cotidal people")).isEqualTo(Credentials.UNKNOWN);
    assertThat(realm.description()).doesNotContain("one");
    assertThat(realm.filledBy(realm.description() + " fill=17", 17)).isTrue();
    assertThat(realm.filledBy(realm.description() + " fill=17", 1)).isFalse();
  }

  private static Realm realm(String secret) {
    return new Realm(Mesh.spec(Mesh.SUFFIX, Mesh.access(), Security.PLAIN, secret));
  }

  @Property
  @Label("nothing in a description breaks the reader")
  void anyMark(@ForAll String text) {
    Realm realm = realm("one");
    assertThat(realm.ours("cotidal people" + text))
        .isEqualTo(text.isEmpty() || text.matches(" [0-9a-f]{16}| fill=[0-9]{1,18}"));
  }

  @Example
  @Label("one suffix, however it is written")
  void suffixes() {
    Realm realm = realm("one");
    assertThat(realm.isSuffix("DC=Example, dc=TEST")).isTrue();
    assertThat(realm.isSuffix("\"dc=example,dc=test\"")).isTrue();
    assertThat(realm.isSuffix("dc=test")).isFalse();
    assertThat(realm.isSuffix("\"")).isFalse();
    assertThat(realm.isSuffix("")).isFalse();
  }
}
