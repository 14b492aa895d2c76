package io.cotidal.app.objects;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.lab.swift.SyncSignature;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sites of one realm, and configurations of daemons over them. */
final class SitesLab implements AutoCloseable {
  static final String REALM = "lab";
  static final String REALM_KEY = "realm-key-that-nobody-reads";

  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  final ServerRegistry registry;
  final Path folder;
  final int port;
  private final List<SwiftSite> sites;

  private SitesLab(ServerRegistry registry, SwiftOptions... options) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("objects");
    this.port = registry.port();
    this.sites = SwiftSite.start(registry, SwiftRealm.of(REALM, REALM_KEY), options);
    secret("realm", REALM_KEY);
    secret("reseller", SwiftLogin.RESELLER.key().reveal());
  }

  /** A file with a secret, as the configuration refers to it. */
  Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Sites that need something else of the lab first. */
  interface Plan {
    /** What they are to be. */
    SwiftOptions[] of(ServerRegistry registry) throws IOException;
  }

  /** Skips the test loudly where something is missing, unless servers are required. */
  static SitesLab open(SwiftOptions... options) throws IOException {
    return open(SwiftSite.missing(), _ -> options);
  }

  /**
   * The same.
   *
   * @param lacking what is missing; empty if nothing is
   */
  static SitesLab open(Optional<String> lacking, Plan plan) throws IOException {
    String missing = lacking.orElse("");
    if (!missing.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing);
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no namespace proven: " + missing);
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    try {
      return new SitesLab(registry, plan.of(registry));
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** The site of that name. */
  SwiftSite site(String name) {
    return sites.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * A namespace that a daemon looks after.
   *
   * @param more lines below its name
   * @param places its sites, as {@link #at} writes them
   */
  record Space(String name, String mode, SwiftLogin owner, String more, List<String> places) {}

  /** A daemon over these. */
  Configuration configure(Space... spaces) throws IOException {
    Path file = folder.resolve("cotidal.yaml");
    String written = List.of(spaces).stream().map(this::written).collect(Collectors.joining());
    Files.writeString(
        file,
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        objects:
        %s\
        """
            .formatted(port, folder.resolve("cotidal.db"), written));
    Loaded loaded = reader().read(file);
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  /** Where a daemon finds its configuration again. */
  Rereading rereading() {
    return reader().again(folder.resolve("cotidal.yaml"));
  }

  private ConfigurationReader reader() {
    return Kinds.reader(Map.of(), Map.of(), folder);
  }

  private String written(Space space) {
    return """
    %s:
      mode: %s
      folder: %s
      accounts: [%s]
      realm: {name: %s, key: {secret: "file:%s"}}
      pace: {scan: 1s}
      care: {deletes: 4, share: 0.3}
    %s  sites:
    %s\
    """
        .formatted(
            space.name(),
            space.mode(),
            folder.resolve(space.name()),
            space.owner().storageAccount(),
            REALM,
            folder.resolve("realm"),
            space.more().isEmpty() ? "" : space.more().indent(2),
            String.join("", space.places()).indent(4))
        .indent(2);
  }

  /** Sites as they are reached. */
  List<String> at(String... names) {
    return List.of(names).stream().map(name -> at(name, site(name).endpoint())).toList();
  }

  /** A site that is reached elsewhere. */
  String at(String name, URI endpoint) {
    return """
    - name: %s
      url: "%s/v1"
      tempauth: {auth: "%s/auth/v1.0", user: "%s", key: {secret: "file:%s"}}
    """
        .formatted(
            name, endpoint, endpoint, SwiftLogin.RESELLER.name(), folder.resolve("reseller"));
  }

  /**
   * Writes as the clusters of the realm do for each other: an object keeps the time it is given.
   *
   * @param path of the object, below the account
   * @return the status of the answer
   */
  static int write(SwiftSite site, String path, String time, String text) throws IOException {
    SwiftUser user = site.user(SwiftLogin.TESTER);
    String container = path.substring(0, path.indexOf('/', 1));
    String key = user.head(container).header("X-Container-Sync-Key").orElseThrow();
    SyncSignature signature = new SyncSignature(REALM, new Secret(REALM_KEY), new Secret(key));
    String target = user.target(path);
    RawRequest request =
        RawRequest.of("PUT", target)
            .with(List.of(signature.header("PUT", target, time)))
            .with("X-Timestamp", time)
            .with(RawBody.of(text));
    return user.ask(request).status();
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
