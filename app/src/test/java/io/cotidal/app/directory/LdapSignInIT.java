package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.Wiring;
import io.cotidal.app.config.Authentication;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.directory.people.People;
import io.cotidal.lab.DirectoryAuthority;
import io.cotidal.lab.OpenLdapServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.server.access.SignIn;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in against a real slapd with TLS. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LdapSignInIT {
  private static final String SUFFIX = "dc=example,dc=test";
  private static final People.Find BY_DN = new People.Find.ByDn("uid", "ou=people," + SUFFIX);
  private static final List<String> GROUPS =
      List.of(
          "cn=nobody,ou=groups," + SUFFIX,
          "cn=dba,ou=groups," + SUFFIX,
          "cn=all,ou=groups," + SUFFIX);
  private static final List<SignIn.Grant> GRANTS =
      List.of(
          new SignIn.Grant(Permission.ADMIN, "*"),
          new SignIn.Grant(Permission.OPERATOR, "postgres/*"),
          new SignIn.Grant(Permission.VIEWER, "*"));

  private ServerRegistry registry;
  private DirectoryAuthority authority;
  private OpenLdapServer server;

  @BeforeAll
  void open() throws IOException {
    Optional<String> missing = OpenLdapServer.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no sign-in proven: " + missing.orElse(""));
    registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    authority = DirectoryAuthority.make(registry);
    server =
        OpenLdapServer.start(registry, OpenLdapServer.Settings.plain(SUFFIX, true).with(authority));
    server.add(
        """
        dn: ou=people,%1$s
        objectClass: organizationalUnit
        ou: people

        dn: ou=groups,%1$s
        objectClass: organizationalUnit
        ou: groups

        dn: uid=eve,ou=people,%1$s
        objectClass: inetOrgPerson
        uid: eve
        cn: Eve
        sn: E
        userPassword: apple

        dn: uid=adam,ou=people,%1$s
        objectClass: inetOrgPerson
        uid: adam
        cn: Adam
        sn: A
        userPassword: pear

        dn: uid=snake,ou=people,%1$s
        objectClass: inetOrgPerson
        uid: snake
        cn: Snake
        sn: S
        userPassword: hiss

        dn: uid=silent,ou=people,%1$s
        objectClass: inetOrgPerson
        uid: silent
        cn: No Password
        sn: N

        dn: cn=dba,ou=groups,%1$s
        objectClass: groupOfNames
        cn: dba
        member: uid=eve,ou=people,%1$s

        dn: cn=all,ou=groups,%1$s
        objectClass: groupOfNames
        cn: all
        member: uid=adam,ou=people,%1$s
        member: uid=eve,ou=people,%1$s
        """
            .formatted(SUFFIX));
  }

  @AfterAll
  void close() throws IOException {
    if (registry != null) {
      registry.close();
    }
  }

  private People.Place place(People.Find find) throws IOException {
    return new People.Place(
        "127.0.0.1",
        server.securePort(),
        true,
        authority.certificate(),
        Duration.ofSeconds(5),
        find,
        GROUPS);
  }

  private static People.Find bySearch(String password) {
    return new People.Find.BySearch(
        "ou=people," + SUFFIX,
        "(&(objectClass=inetOrgPerson)(uid={user}))",
        Optional.of(new People.Login(OpenLdapServer.ADMINISTRATOR, new Secret(password))));
  }

  private Optional<SignIn.Grant> check(People.Find find, String user, String password)
      throws Exception {
    return new LdapSignIn(new Authentication.Ldap(place(find), GRANTS))
        .check(user, new Secret(password));
  }

  @Test
  @DisplayName("A bind proves the password, and the first group that fits says what one may do")
  void grants() throws Exception {
    for (People.Find find : List.of(BY_DN, bySearch(OpenLdapServer.PASSWORD))) {
      assertThat(check(find, "eve", "apple"))
          .contains(new SignIn.Grant(Permission.OPERATOR, "postgres/*"));
      assertThat(check(find, "adam", "pear")).contains(new SignIn.Grant(Permission.VIEWER, "*"));
      assertThat(check(find, "snake", "hiss")).as("in no group").isEmpty();
      assertThat(check(find, "eve", "pear")).as("another's password").isEmpty();
      assertThat(check(find, "eve", "")).as("an anonymous login").isEmpty();
      assertThat(check(find, "nobody", "apple")).isEmpty();
      assertThat(check(find, "silent", "x")).as("has no password").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "eve)(uid=*",
        "*)(&",
        "eve,ou=people",
        "eve+cn=Eve",
        "\\65ve\\",
        "eve\u0000",
        "#657665"
      })
  @DisplayName("Hostile names find nobody, whatever the grammar before this let through")
  void hostile(String user) throws Exception {
    assertThat(check(BY_DN, user, "apple")).isEmpty();
    assertThat(check(bySearch(OpenLdapServer.PASSWORD), user, "apple")).isEmpty();
  }

  @Test
  @DisplayName("What cannot tell says so: a searcher let out, another certificate, nobody, silence")
  void unavailable() throws Exception {
    assertThatThrownBy(() -> check(bySearch("wrong"), "eve", "apple"))
        .isInstanceOf(SignIn.Unavailable.class)
        .hasMessageContaining("account that searches");
    People.Place good = place(BY_DN);
    DirectoryAuthority other = DirectoryAuthority.make(registry);
    assertThatThrownBy(() -> asked(good, other.certificate(), good.port()))
        .isInstanceOf(SignIn.Unavailable.class);
    assertThatThrownBy(() -> asked(good, good.authorities(), registry.port()))
        .isInstanceOf(SignIn.Unavailable.class);
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      assertThatThrownBy(() -> asked(good, good.authorities(), silent.getLocalPort()))
          .isInstanceOf(SignIn.Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static void asked(People.Place good, String authorities, int port) throws Exception {
    new LdapSignIn(
            new Authentication.Ldap(
                new People.Place(
                    good.host(),
                    port,
                    true,
                    authorities,
                    Duration.ofSeconds(1),
                    good.find(),
                    good.groups()),
                GRANTS))
        .check("eve", new Secret("apple"));
  }

  @Test
  @DisplayName("A daemon lets people of the directory in by HTTP Basic, and by a program's word")
  void daemon() throws Exception {
    Path folder = registry.folder("signin");
    Path program = folder.resolve("people.sh");
    Files.writeString(
        program,
        """
        #!/bin/sh
        read -r question
        case $question in
          *'"password":"seth-word"'*'"user":"seth"'*) : ;;
          *'"user":"seth"'*'"password":"seth-word"'*) : ;;
          *) echo '{"ok": false, "reason": "nobody"}'; exit 0 ;;
        esac
        echo '{"ok": true, "role": "viewer", "scope": "copies/*"}'
        """);
    Files.setPosixFilePermissions(
        program, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Path certificates = Files.writeString(folder.resolve("ca.pem"), authority.certificate());
    Path file =
        Files.writeString(
            folder.resolve("cotidal.yaml"),
            """
            listen: 127.0.0.1:0
            store: "sqlite:%1$s/cotidal.db"
            authentication:
              plugin: {program: "%1$s/people.sh"}
              ldap:
                url: ldaps://127.0.0.1:%2$d
                ca: "%3$s"
                user-dn: "uid={user},ou=people,%4$s"
                groups:
                  - {dn: "cn=dba,ou=groups,%4$s", role: operator, scope: "postgres/*"}
            """
                .formatted(folder, server.securePort(), certificates, SUFFIX));
    Loaded loaded = Kinds.reader(Map.of(), Map.of(), folder).read(file);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    try (Wiring wiring = Wiring.start(((Loaded.Valid) loaded).configuration(), "test")) {
      assertThat(status(wiring.uri(), "eve:apple")).isEqualTo(200);
      assertThat(status(wiring.uri(), "seth:seth-word")).isEqualTo(200);
      assertThat(status(wiring.uri(), "eve:pear")).isEqualTo(401);
      assertThat(status(wiring.uri(), "adam:pear")).as("in no group").isEqualTo(401);
      assertThat(status(wiring.uri(), "eve:")).isEqualTo(401);
    }
  }

  private static int status(URI daemon, String pair) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) daemon.resolve("/api/v1/resources").toURL().openConnection();
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(20_000);
    connection.setRequestProperty(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    return connection.getResponseCode();
  }
}
