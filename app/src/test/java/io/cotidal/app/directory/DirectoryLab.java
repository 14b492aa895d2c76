package io.cotidal.app.directory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.DirectoryServer;
import io.cotidal.lab.RancherMetadata;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Real directory servers by name, and a daemon's configuration for them. */
final class DirectoryLab implements AutoCloseable {
  static final String SUFFIX = "dc=example,dc=test";
  static final String PASSWORD = "secret-of-the-lab";
  static final String REPLICATION = "hush-hush-replication";
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  final ServerRegistry registry;
  final Path folder;
  final int port;
  private final Map<String, DirectoryServer> servers = new LinkedHashMap<>();
  private final List<RancherMetadata> metadata = new ArrayList<>();

  private DirectoryLab(ServerRegistry registry) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("directory");
    this.port = registry.port();
  }

  /** Skips the test loudly where something is missing, unless servers are required. */
  static DirectoryLab open() throws IOException {
    Optional<String> missing = DirectoryServer.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no directory proven: " + missing.orElse(""));
    return new DirectoryLab(ServerRegistry.open(StateFolder.ofUser(), BASE));
  }

  /** Starts servers with the suffix entry and nothing else, side by side. */
  void start(String... names) throws IOException {
    Map<String, Future<DirectoryServer>> started = new LinkedHashMap<>();
    try (ExecutorService starts = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String name : names) {
        started.put(
            name,
            starts.submit(
                () -> DirectoryServer.start(registry, DirectoryServer.Settings.plain(SUFFIX))));
      }
    }
    for (Map.Entry<String, Future<DirectoryServer>> one : started.entrySet()) {
      if (one.getValue().state() == Future.State.FAILED) {
        throw new IOException("cannot start " + one.getKey(), one.getValue().exceptionNow());
      }
      servers.put(one.getKey(), one.getValue().resultNow());
    }
  }

  DirectoryServer server(String name) {
    DirectoryServer server = servers.get(name);
    if (server == null) {
      throw new IllegalArgumentException("no server " + name);
    }
    return server;
  }

  /** Starts one server whose clock is ahead by that much. */
  void start(String name, Duration ahead) throws IOException {
    servers.put(
        name, DirectoryServer.start(registry, DirectoryServer.Settings.plain(SUFFIX).ahead(ahead)));
  }

  /** Adds that many entries to a server. */
  void fill(String name, int entries) throws IOException {
    StringBuilder ldif = new StringBuilder();
    for (int i = 1; i <= entries; i++) {
      ldif.append(
          "dn: ou=unit%d,%s\nobjectClass: organizationalUnit\nou: unit%d\n\n"
              .formatted(i, SUFFIX, i));
    }
    server(name).add(ldif.toString());
  }

  /** Writes one entry. */
  void write(String name, String unit) throws IOException {
    server(name)
        .add(
            "dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n"
                .formatted(unit, SUFFIX, unit));
  }

  /** A connection as the administrator. */
  LDAPConnection connect(String name) throws LDAPException {
    LDAPConnection connection = new LDAPConnection("127.0.0.1", server(name).port());
    connection.bind(DirectoryServer.ADMINISTRATOR, PASSWORD);
    return connection;
  }

  /** How many entries a server shows; -1 while it is being filled or does not answer. */
  int entries(String name) {
    try (LDAPConnection connection = connect(name)) {
      return connection.search(SUFFIX, SearchScope.SUB, "(objectClass=*)", "1.1").getEntryCount();
    } catch (LDAPException e) {
      return -1;
    }
  }

  /** Whether a server shows that unit. */
  boolean shows(String name, String unit) {
    try (LDAPConnection connection = connect(name)) {
      return connection.getEntry("ou=" + unit + "," + SUFFIX, "1.1") != null;
    } catch (LDAPException e) {
      return false;
    }
  }

  /** The ports to which a server's agreements lead. */
  Set<Integer> agreements(String name) throws LDAPException {
    Set<Integer> ports = new TreeSet<>();
    for (SearchResultEntry entry : replication(name, "nsds5ReplicationAgreement")) {
      ports.add(entry.getAttributeValueAsInteger("nsDS5ReplicaPort"));
    }
    return ports;
  }

  /** The replica id of a server; 0 if it has none. */
  int id(String name) throws LDAPException {
    List<SearchResultEntry> found = replication(name, "nsds5Replica");
    return found.isEmpty() ? 0 : found.getFirst().getAttributeValueAsInteger("nsDS5ReplicaId");
  }

  private List<SearchResultEntry> replication(String name, String type) throws LDAPException {
    try (LDAPConnection connection = connect(name)) {
      return connection
          .search(
              "cn=mapping tree,cn=config",
              SearchScope.SUB,
              Filter.createEqualityFilter("objectClass", type))
          .getSearchEntries();
    }
  }

  /** The ids in a server's vector. */
  Set<Integer> vector(String name) throws LDAPException {
    Set<Integer> ids = new TreeSet<>();
    try (LDAPConnection connection = connect(name)) {
      for (SearchResultEntry entry :
          connection
              .search(
                  SUFFIX,
                  SearchScope.SUB,
                  "(&(objectClass=nstombstone)(nsUniqueId=ffffffff-ffffffff-ffffffff-ffffffff))",
                  "nsds50ruv")
              .getSearchEntries()) {
        for (String value : entry.getAttributeValues("nsds50ruv")) {
          if (value.startsWith("{replica ")) {
            ids.add(Integer.parseInt(value.substring(9).split("[ }]", 2)[0]));
          }
        }
      }
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        throw e;
      }
    }
    return ids;
  }

  /** What every server says of its replica and its agreements, for people who read why. */
  String replicas() throws IOException {
    StringBuilder said = new StringBuilder();
    for (Map.Entry<String, DirectoryServer> each : servers.entrySet()) {
      said.append("\n").append(each.getKey()).append(" at ").append(each.getValue().port());
      try {
        for (String type : List.of("nsds5Replica", "nsds5ReplicationAgreement")) {
          replication(each.getKey(), type).forEach(entry -> said.append("\n").append(entry));
        }
      } catch (LDAPException e) {
        said.append(": ").append(e.getMessage());
      }
      said.append("\n").append(each.getValue().lastErrors(30));
    }
    return said.toString();
  }

  /** How often a server was filled from another, ever. */
  long filled(String name) throws IOException {
    return server(name).errors("is going offline; disabling replication");
  }

  /** The ports of all but one server. */
  Set<Integer> others(String name, String... among) {
    Set<Integer> ports = new TreeSet<>();
    for (String each : among) {
      if (!each.equals(name)) {
        ports.add(server(each).port());
      }
    }
    return ports;
  }

  /** A daemon's configuration with these members in this order. */
  Configuration configure(String topology, String... names) throws IOException {
    return configure(topology, List.of(names));
  }

  Configuration configure(String topology, List<String> names) throws IOException {
    StringBuilder members = new StringBuilder("members:\n");
    for (String name : names) {
      members.append(
          "      - {name: %s, host: 127.0.0.1, port: %d}\n".formatted(name, server(name).port()));
    }
    return write("manage", topology, members.toString());
  }

  /** The same, with members that a file names; {@link #name} writes it. */
  Configuration follow(String mode, String topology) throws IOException {
    return write(mode, topology, "source: {file: {path: %s}}\n".formatted(list()));
  }

  /** From now on the file names these. */
  void name(String... names) throws IOException {
    List<String> members = new ArrayList<>();
    for (String name : names) {
      members.add(
          "{\"name\": \"%s\", \"host\": \"127.0.0.1\", \"port\": %d}"
              .formatted(name, server(name).port()));
    }
    Path draft = folder.resolve("members.draft");
    Files.writeString(draft, "[" + String.join(", ", members) + "]");
    Files.move(draft, list(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path list() {
    return folder.resolve("members.json");
  }

  private Configuration write(String mode, String topology, String members) throws IOException {
    secret("manager.pw", PASSWORD);
    secret("peers.pw", REPLICATION);
    Files.writeString(
        file(),
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        directory:
          people:
            mode: %s
            suffix: %s
            topology: %s
            tick: 1s
            %s    access: {security: plain, password: {secret: "file:manager.pw"}}
            replication: {password: {secret: "file:peers.pw"}, backoff: 1s, longest-backoff: 3s}
            guards: {grace: 2s}
        """
            .formatted(port, folder.resolve("cotidal.db"), mode, SUFFIX, topology, members));
    return valid(Kinds.reader(Map.of(), Map.of(), folder).read(file()));
  }

  private void secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, content);
    }
  }

  Path file() {
    return folder.resolve("cotidal.yaml");
  }

  /** Rancher's metadata of a service that the lab's servers make up. */
  RancherMetadata rancher() throws IOException {
    RancherMetadata started = RancherMetadata.start(registry.port(), "idm", "ldap");
    metadata.add(started);
    return started;
  }

  /**
   * A server as Rancher has it: containers have addresses of their own, so here ports are labels.
   */
  RancherMetadata.Container container(String name) {
    return new RancherMetadata.Container(
        name, "127.0.0.1", Map.of("cotidal.port", Integer.toString(server(name).port())));
  }

  /** The original's environment for a directory of those containers. */
  Map<String, String> environment(RancherMetadata rancher) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("AUTOREP_UPDATE_PERIOD", "1");
    environment.put("AUTOREP_SOURCE_DRIVER_MODULE", "rancher");
    environment.put("AUTOREP_TARGET_DRIVER_MODULE", "389ds");
    environment.put("AUTOREP_REPLICATION_GRAPH_DRIVER_MODULE", "fullmesh");
    environment.put("AUTOREP_CLUSTERING_DRIVER_MODULE", "standalone");
    environment.put("RANCHER_METADATA_APIVERSION", "2016-07-29");
    environment.put("RANCHER_AUTOREP_TARGET_SERVICE_NAME", "idm/ldap");
    environment.put("RANCHER_REFERENCE_CONAINTER_MODE", "containerip");
    environment.put("LDAP_BIND_DN", DirectoryServer.ADMINISTRATOR);
    environment.put("LDAP_BIND_PASSWORD", PASSWORD);
    environment.put("LDAP_REPLICATED_BASE_DN", SUFFIX);
    environment.put("LDAP_REPLICATION_DN", "cn=replication manager,cn=config");
    environment.put("LDAP_REPLICATION_PASSWORD", REPLICATION);
    environment.put("COT_RANCHER_METADATA_URL", rancher.url());
    environment.put("COT_DIRECTORY_GRACE", "3s");
    environment.put("COT_LISTEN", "127.0.0.1:" + port);
    environment.put("COT_STORE", "sqlite:" + folder.resolve("cotidal.db"));
    return environment;
  }

  /** A daemon's configuration of an environment alone. */
  Configuration configure(Map<String, String> environment) {
    return valid(Kinds.reader(Map.of(), environment, folder).readEnvironment("directory"));
  }

  private static Configuration valid(Loaded loaded) {
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  @Override
  public void close() throws IOException {
    metadata.forEach(RancherMetadata::close);
    registry.close();
  }
}
