package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.OpenLdapServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon whose directory says {@code target: openldap}, and real slapds. */
@Timeout(240)
@DisplayName("a directory of OpenLDAP servers")
final class OpenLdapDirectoryIT {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String SUFFIX = "dc=example,dc=test";

  private final Map<String, OpenLdapServer> servers = new LinkedHashMap<>();
  private ServerRegistry registry;
  private Path folder;
  private StartedDaemon daemon;
  private ResourceApi api;

  @BeforeEach
  void open() throws Exception {
    Optional<String> missing = OpenLdapServer.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no directory proven: " + missing.orElse(""));
    registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    folder = registry.folder("openldap");
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private void start(String name, int units) throws Exception {
    OpenLdapServer server =
        OpenLdapServer.start(registry, OpenLdapServer.Settings.plain(SUFFIX, true));
    servers.put(name, server);
    for (int i = 0; i < units; i++) {
      write(name, "unit" + i);
    }
  }

  private LDAPConnection connect(String name) throws LDAPException {
    int port = servers.get(name).port();
    return new LDAPConnection(
        "127.0.0.1", port, OpenLdapServer.ADMINISTRATOR, OpenLdapServer.PASSWORD);
  }

  private void write(String name, String unit) throws Exception {
    try (LDAPConnection connection = connect(name)) {
      connection.add(
          "dn: ou=" + unit + "," + SUFFIX, "objectClass: organizationalUnit", "ou: " + unit);
    }
  }

  private int entries(String name) throws LDAPException {
    try (LDAPConnection connection = connect(name)) {
      return connection.search(SUFFIX, SearchScope.SUB, "(objectClass=*)", "1.1").getEntryCount();
    }
  }

  /** How many others a server fetches from. */
  private int fetches(String name) throws LDAPException {
    try (LDAPConnection connection = connect(name)) {
      String[] all =
          connection.getEntry("olcDatabase={1}mdb,cn=config").getAttributeValues("olcSyncrepl");
      return all == null ? 0 : all.length;
    }
  }

  private void name(String... names) throws IOException {
    List<String> members = new ArrayList<>();
    for (String name : names) {
      members.add(
          "{\"name\": \"%s\", \"host\": \"127.0.0.1\", \"port\": %d}"
              .formatted(name, servers.get(name).port()));
    }
    Path draft = folder.resolve("draft");
    Files.writeString(draft, "[" + String.join(", ", members) + "]");
    Files.move(
        draft,
        folder.resolve("members.json"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void serve() throws Exception {
    secret("manager.pw", OpenLdapServer.PASSWORD);
    secret("peers.pw", "hush-hush-replication");
    int port = registry.port();
    write(port, "source: {file: {path: %s}}".formatted(folder.resolve("members.json")));
    Path file = folder.resolve("cotidal.yaml");
    ConfigurationReader reader = Kinds.reader(Map.of(), Map.of(), folder);
    if (reader.read(file) instanceof Loaded.Valid valid) {
      daemon = new StartedDaemon(valid.configuration(), reader.again(file));
      api = ResourceApi.of(port, daemon.token(), "directory/people");
    } else {
      throw new AssertionError("the configuration is refused");
    }
  }

  /** The configuration, with {@code members} as the line that says who they are. */
  private void write(int port, String members) throws IOException {
    Files.writeString(
        folder.resolve("cotidal.yaml"),
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        directory:
          people:
            mode: manage
            target: openldap
            suffix: %s
            topology: fullmesh
            tick: 1s
            %s
            access: {security: plain, bind-dn: "cn=admin,cn=config", password: {secret: "file:manager.pw"}}
            replication: {bind-dn: "cn=replicator,cn=cotidal", password: {secret: "file:peers.pw"}, backoff: 1s, longest-backoff: 3s}
            guards: {grace: 2s}
        """
            .formatted(port, folder.resolve("cotidal.db"), SUFFIX, members));
  }

  private String list(String... names) {
    return Stream.of(names)
        .map(name ->
            "{name: %s, host: 127.0.0.1, port: %d}".formatted(name, servers.get(name).port()))
        .collect(Collectors.joining(", ", "members: [", "]"));
  }

  private void secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, content);
  }

  private void awaitMesh(String... names) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(api.settled()).as(api.story()).isTrue();
          for (String name : names) {
            assertThat(fetches(name)).as(name).isEqualTo(names.length - 1);
          }
        });
  }

  @Test
  @DisplayName(
      "directory/D1: the same planner makes a mesh of slapds from the filled one, proves it, and directory/D7: lets one go")
  void mesh() throws Exception {
    start("a", 0);
    start("b", 0);
    start("c", 30);
    name("a", "b", "c");
    serve();
    awaitMesh("a", "b", "c");
    for (String name : servers.keySet()) {
      assertThat(entries(name)).as(name).isEqualTo(31);
    }
    Node proof = api.act("prove", Map.of("digest", true));
    assertThat(proof.text("state")).as("%s", proof.value()).isEqualTo("done");
    name("b", "c");
    awaitMesh("b", "c");
    assertThat(fetches("a")).isZero();
    assertThat(entries("a")).isEqualTo(31);
    write("b", "after");
    write("c", "after-too");
    await().atMost(LONG).until(() -> entries("b") == 33 && entries("c") == 33);
    assertThat(entries("a")).isEqualTo(31);
    assertThat(api.story()).doesNotContain(OpenLdapServer.PASSWORD, "hush-hush");
  }

  @Test
  @DisplayName("a server that a changed file names joins, and one that it names no more is let go")
  void applied() throws Exception {
    start("a", 5);
    start("b", 0);
    name("a", "b");
    serve();
    awaitMesh("a", "b");
    start("c", 0);
    write(api.port(), list("a", "b", "c"));
    assertThat(api.apply()).containsExactly("directory/people changed applied");
    awaitMesh("a", "b", "c");
    assertThat(entries("c")).isEqualTo(6);
    write(api.port(), list("b", "c"));
    assertThat(api.apply()).containsExactly("directory/people changed applied");
    awaitMesh("b", "c");
    assertThat(fetches("a")).isZero();
    write("b", "after");
    await().atMost(LONG).until(() -> entries("c") == 7);
    assertThat(entries("a")).isEqualTo(6);
    assertThat(api.apply()).isEmpty();
  }

  @Test
  @DisplayName("directory/D7: who is gone for good is fetched from by nobody, and the others go on")
  void gone() throws Exception {
    start("a", 5);
    start("b", 0);
    start("c", 0);
    name("a", "b", "c");
    serve();
    awaitMesh("a", "b", "c");
    servers.get("a").kill();
    name("b", "c");
    awaitMesh("b", "c");
    write("b", "after");
    write("c", "after-too");
    await().atMost(LONG).until(() -> entries("b") == 8 && entries("c") == 8);
  }

  @Test
  @DisplayName("directory/D2: two filled slapds that have nothing in common are left as they are")
  void conflict() throws Exception {
    start("a", 20);
    start("b", 10);
    name("a", "b");
    serve();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(api.code()).as(api.story()).isEqualTo("data-conflict"));
    assertThat(api.view().list("operations")).isEmpty();
    assertThat(entries("a")).isEqualTo(21);
    assertThat(entries("b")).isEqualTo(11);
    assertThat(fetches("a") + fetches("b")).isZero();
  }
}
