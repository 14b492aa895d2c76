package io.cotidal.directory.openldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import io.cotidal.directory.conformance.Fleet;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("slapds over StartTLS")
@Timeout(120)
final class OpenLdapTlsIT {
  private final Vendor vendor = new Vendor(Security.STARTTLS);
  private Fleet fleet;

  @BeforeEach
  void open() throws Exception {
    fleet = new Fleet(vendor);
  }

  @AfterEach
  void close() throws Exception {
    fleet.close();
  }

  @Test
  @DisplayName("to the servers and between them nothing is sent in clear")
  void mesh() throws Exception {
    Server a = fleet.start(3);
    Server b = fleet.start(0);
    // From here on whoever does not protect a connection is refused.
    for (Server each : fleet.members) {
      try (LDAPConnection connection = vendor.connect(fleet.real(each))) {
        connection.modify(
            "dn: cn=config", "changetype: modify", "add: olcSecurity", "olcSecurity: tls=1");
      }
    }
    fleet.build();
    fleet.prove();
    Agreement path = fleet.facts(b).agreements().getFirst();
    assertThat(path.security()).isEqualTo(Security.STARTTLS);
    assertThat(
            fleet
                .servers
                .preflight(a, Deadline.in(Duration.ofSeconds(10)))
                .has("certificate-until"))
        .isTrue();
  }
}
