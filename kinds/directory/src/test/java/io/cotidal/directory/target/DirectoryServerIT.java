package io.cotidal.directory.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import io.cotidal.lab.DirectoryAuthority;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("the lab's directory servers")
@Timeout(120)
final class DirectoryServerIT {
  private ServerRegistry lab;

  @BeforeEach
  void open() throws Exception {
    lab = ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private static long entries(LDAPConnection connection) throws Exception {
    connection.bind(DirectoryServer.ADMINISTRATOR, "secret-of-the-lab");
    return connection
        .search("dc=example,dc=test", SearchScope.SUB, "(objectClass=*)")
        .getEntryCount();
  }

  @Test
  @DisplayName("one is made, killed, and there again with its data")
  void plain() throws Exception {
    DirectoryServer server =
        DirectoryServer.start(lab, DirectoryServer.Settings.plain("dc=example,dc=test"));
    server.add("dn: ou=people,dc=example,dc=test\nobjectClass: organizationalUnit\nou: people\n");
    server.kill();
    server.start();
    try (LDAPConnection connection = new LDAPConnection("127.0.0.1", server.port())) {
      assertThat(entries(connection)).isEqualTo(2);
    }
    server.stop();
    DirectoryServer copy = server.copy();
    copy.start();
    try (LDAPConnection connection = new LDAPConnection("127.0.0.1", copy.port())) {
      assertThat(entries(connection)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("one with a certificate answers over TLS to whoever trusts its authority")
  void tls() throws Exception {
    DirectoryAuthority authority = DirectoryAuthority.make(lab);
    DirectoryServer server =
        DirectoryServer.start(
            lab, DirectoryServer.Settings.plain("dc=example,dc=test").with(authority));
    Path file = Files.createTempFile("authority", ".pem");
    try {
      Files.writeString(file, authority.certificate());
      SSLUtil ssl = new SSLUtil(new PEMFileTrustManager(file.toFile()));
      try (LDAPConnection connection =
          new LDAPConnection(ssl.createSSLSocketFactory(), "localhost", server.securePort())) {
        assertThat(entries(connection)).isEqualTo(1);
      }
    } finally {
      Files.delete(file);
    }
  }
}
