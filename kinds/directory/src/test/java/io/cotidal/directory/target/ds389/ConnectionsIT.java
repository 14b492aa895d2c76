package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.RDN;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.lab.DirectoryAuthority;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("connections to real 389 servers")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class ConnectionsIT {
  private static final String PASSWORD = "secret-of-the-lab";

  private Mesh mesh;

  @BeforeEach
  void open() throws Exception {
    mesh = new Mesh();
  }

  @AfterEach
  void close() throws Exception {
    mesh.close();
  }

  private static Observation<DirectoryFacts> look(Access access, String host, int port) {
    Server server = new Server(new MemberId("a"), host, port, Details.NONE);
    try (Servers servers =
        new Ds389().servers(Mesh.spec(Mesh.SUFFIX, access, Security.PLAIN, Mesh.SECRET))) {
      return servers.look(server, List.of(server), Deadline.in(Duration.ofSeconds(3)));
    }
  }

  private static Access access(Security security, String authorities, String password) {
    return new Access(security, authorities, DirectoryServer.ADMINISTRATOR, new Secret(password));
  }

  private static String reason(Observation<DirectoryFacts> observation) {
    assertThat(observation).isInstanceOf(Observation.CannotTell.class);
    return ((Observation.CannotTell<DirectoryFacts>) observation).reason();
  }

  @Test
  @DisplayName("nothing there, frozen, wrong password: each is told apart")
  void plain() throws Exception {
    DirectoryServer server =
        DirectoryServer.start(mesh.lab, DirectoryServer.Settings.plain(Mesh.SUFFIX));
    Access right = access(Security.PLAIN, "", PASSWORD);
    assertThat(look(right, "127.0.0.1", server.port())).isInstanceOf(Observation.Seen.class);
    assertThat(reason(look(access(Security.PLAIN, "", "wrong"), "127.0.0.1", server.port())))
        .contains("password")
        .doesNotContain("wrong");
    Access nobody = new Access(Security.PLAIN, "", "", new Secret(""));
    assertThat(reason(look(nobody, "127.0.0.1", server.port()))).contains("cn=config");
    assertThat(reason(look(right, "no-such-host.invalid", server.port()))).contains("no-such-host");
    server.freeze();
    try {
      assertThat(look(right, "127.0.0.1", server.port())).isInstanceOf(Observation.Silent.class);
    } finally {
      server.thaw();
    }
    server.kill();
    assertThat(look(right, "127.0.0.1", server.port())).isInstanceOf(Observation.Refused.class);
  }

  @Test
  @DisplayName("a kept connection that the server's restart ended is made anew")
  void restart() throws Exception {
    Server a = mesh.start();
    assertThat(mesh.look(a)).isInstanceOf(Observation.Seen.class);
    mesh.real.getFirst().kill();
    assertThat(mesh.look(a)).isInstanceOf(Observation.Refused.class);
    mesh.real.getFirst().start();
    assertThat(mesh.look(a)).isInstanceOf(Observation.Seen.class);
    assertThat(Math.abs(mesh.facts(a).skewMillis())).isLessThan(2_000);
    assertThat(mesh.facts(a).version()).startsWith("389-Directory/");
  }

  @Test
  @DisplayName("directory/D14: only a certificate by the trusted authority, for the host, is taken")
  void certificates() throws Exception {
    DirectoryAuthority authority = DirectoryAuthority.make(mesh.lab);
    DirectoryAuthority other = DirectoryAuthority.make(mesh.lab);
    DirectoryServer server =
        DirectoryServer.start(
            mesh.lab, DirectoryServer.Settings.plain(Mesh.SUFFIX).with(authority));
    String trusted = authority.certificate();
    for (Security security : List.of(Security.LDAPS, Security.STARTTLS)) {
      int port = security == Security.LDAPS ? server.securePort() : server.port();
      assertThat(look(access(security, trusted, PASSWORD), "localhost", port))
          .isInstanceOf(Observation.Seen.class);
      assertThat(reason(look(access(security, other.certificate(), PASSWORD), "localhost", port)))
          .contains("TLS", "not signed by a trusted authority");
      assertThat(reason(look(access(security, "", PASSWORD), "localhost", port)))
          .contains("TLS", "not signed by a trusted authority");
    }
    server.freeze();
    try {
      assertThat(look(access(Security.LDAPS, trusted, PASSWORD), "localhost", server.securePort()))
          .isInstanceOf(Observation.Silent.class);
    } finally {
      server.thaw();
    }
    DirectoryServer elsewhere = certified(authority.issuing("DNS:elsewhere.test", 2));
    DirectoryServer expired = certified(authority.issuing("DNS:localhost", -1));
    for (Security security : List.of(Security.LDAPS, Security.STARTTLS)) {
      boolean ldaps = security == Security.LDAPS;
      assertThat(
              reason(
                  look(
                      access(security, trusted, PASSWORD),
                      "localhost",
                      ldaps ? elsewhere.securePort() : elsewhere.port())))
          .contains("TLS", "another host");
      assertThat(
              reason(
                  look(
                      access(security, trusted, PASSWORD),
                      "localhost",
                      ldaps ? expired.securePort() : expired.port())))
          .contains("TLS", "expired");
    }
    assertThatThrownBy(() -> look(access(Security.LDAPS, "no PEM", PASSWORD), "localhost", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private DirectoryServer certified(DirectoryAuthority by) throws Exception {
    return DirectoryServer.start(mesh.lab, DirectoryServer.Settings.plain(Mesh.SUFFIX).with(by));
  }

  @Test
  @DisplayName(
      "directory/D14: servers that check one another over TLS replicate; a wrong name shows")
  void between() throws Exception {
    DirectoryAuthority authority = DirectoryAuthority.make(mesh.lab);
    String host = InetAddress.getLocalHost().getHostName();
    DirectoryServer first = certified(authority);
    DirectoryServer second = certified(authority);
    DirectoryServer third = certified(authority.issuing("DNS:elsewhere.test", 2));
    mesh.servers.close();
    mesh.servers =
        new Ds389()
            .servers(
                Mesh.spec(
                    Mesh.SUFFIX,
                    access(Security.PLAIN, "", PASSWORD),
                    Security.STARTTLS,
                    Mesh.SECRET));
    Server a = mesh.take(first, "127.0.0.1", first.port());
    Server b = mesh.take(second, "127.0.0.1", second.port());
    assertThat(host).isNotEmpty();
    mesh.build();
    mesh.prove();
    assertThat(mesh.agreement(a, b).security()).isEqualTo(Security.STARTTLS);
    Server c = mesh.take(third, "127.0.0.1", third.port());
    mesh.done(c, mesh.prepare(c, 3));
    mesh.done(a, mesh.edge(Acts.LINK, a, c));
    assertThat(mesh.failure(a, mesh.initialise(a, c, Initialise.EMPTY))).contains("fill");
    assertThat(mesh.agreement(a, b).status()).isNotEqualTo(Agreement.Status.TLS);
  }

  @Test
  @DisplayName("directory/D15: where StartTLS is refused, no login is sent")
  void failsClosed() throws Exception {
    DirectoryServer server =
        DirectoryServer.start(
            mesh.lab,
            new DirectoryServer.Settings(
                Mesh.SUFFIX, PASSWORD, false, java.util.Optional.empty(), Duration.ZERO));
    assertThat(reason(look(access(Security.STARTTLS, "", PASSWORD), "127.0.0.1", server.port())))
        .contains("StartTLS");
    server.stop();
    // What it does not offer it knows by its number alone.
    assertThat(server.accesses("1.3.6.1.4.1.1466.20037")).isPositive();
    assertThat(server.accesses(" BIND ")).isZero();
  }

  @Test
  @DisplayName("directory/D16: a suffix with comma, quotes, umlaut and capitals is replicated")
  void suffixes() throws Exception {
    String odd = "O=Ärzte\\, \\\"Inc\\\",DC=x";
    try (Mesh strange = new Mesh(odd)) {
      for (int i = 0; i < 2; i++) {
        Server server = strange.start();
        try (LDAPConnection connection = strange.connect(strange.real.get(i))) {
          connection.add(
              "cn=odd,cn=ldbm database,cn=plugins,cn=config",
              new Attribute("objectClass", "top", "extensibleObject", "nsBackendInstance"),
              new Attribute("cn", "odd"),
              new Attribute("nsslapd-suffix", odd));
          connection.add(
              new RDN("cn", odd).toString().replace("=O=", "=O\\3D") + ",cn=mapping tree,cn=config",
              new Attribute("objectClass", "top", "extensibleObject", "nsMappingTree"),
              new Attribute("cn", odd),
              new Attribute("nsslapd-state", "backend"),
              new Attribute("nsslapd-backend", "odd"));
          connection.add(
              odd,
              new Attribute("objectClass", "top", "organization"),
              new Attribute("o", "Ärzte, \"Inc\""));
        }
        assertThat(strange.facts(server).suffix()).isTrue();
        assertThat(strange.facts(server).entries()).isEqualTo(1);
      }
      strange.build();
      strange.prove();
    }
  }
}
