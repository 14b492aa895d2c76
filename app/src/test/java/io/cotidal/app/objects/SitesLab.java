package io.cotidal.app.objects;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Two sites, and the configuration of a daemon over them. */
final class SitesLab implements AutoCloseable {
  /** What is kept equal. */
  static final String KEPT = "media";

  /** What is only looked at. */
  static final String WATCHED = "watched";

  static final String REALM_KEY = "realm-key-that-nobody-reads";

  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  final ServerRegistry registry;
  final Path folder;
  final int port;
  final SwiftSite east;
  final SwiftSite west;

  private SitesLab(ServerRegistry registry) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("objects");
    this.port = registry.port();
    List<SwiftSite> sites =
        SwiftSite.start(
            registry,
            SwiftRealm.of("lab", REALM_KEY),
            SwiftOptions.named("east"),
            SwiftOptions.named("west"));
    this.east = sites.get(0);
    this.west = sites.get(1);
    secret("realm", REALM_KEY);
    secret("reseller", SwiftLogin.RESELLER.key().reveal());
  }

  private void secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Skips the test loudly where something is missing, unless servers are required. */
  static SitesLab open() throws IOException {
    String missing = SwiftSite.missing().orElse("");
    if (!missing.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing);
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no namespace proven: " + missing);
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    try {
      return new SitesLab(registry);
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** A daemon that keeps one account equal, and looks at another. */
  Configuration configure() throws IOException {
    Path file = folder.resolve("cotidal.yaml");
    Files.writeString(
        file,
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        objects:
        %s%s\
        """
            .formatted(
                port,
                folder.resolve("cotidal.db"),
                namespace(KEPT, "manage", SwiftLogin.TESTER.storageAccount()),
                namespace(WATCHED, "observe", SwiftLogin.OTHER.storageAccount())));
    Loaded loaded = Kinds.reader(Map.of(), Map.of(), folder).read(file);
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  private String namespace(String name, String mode, String account) {
    return """
    %s:
      mode: %s
      folder: %s
      accounts: [%s]
      realm: {name: lab, key: {secret: "file:%s"}}
      pace: {scan: 1s}
      care: {deletes: 4, share: 0.3}
      sites:
    %s%s\
    """
        .formatted(
            name,
            mode,
            folder.resolve(name),
            account,
            folder.resolve("realm"),
            site(east).indent(4),
            site(west).indent(4))
        .indent(2);
  }

  private String site(SwiftSite site) {
    return """
    - name: %s
      url: "%s/v1"
      tempauth: {auth: "%s/auth/v1.0", user: "%s", key: {secret: "file:%s"}}
    """
        .formatted(
            site.name(),
            site.endpoint(),
            site.endpoint(),
            SwiftLogin.RESELLER.name(),
            folder.resolve("reseller"));
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
