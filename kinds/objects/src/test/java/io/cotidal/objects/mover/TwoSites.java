package io.cotidal.objects.mover;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Two real sites, one pair for all tests of the mover; each is reached through a proxy that fails.
 */
final class TwoSites implements AutoCloseable {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final Limits LIMITS =
      new Limits(64, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(20));

  private final Path folder;
  private final ServerRegistry registry;
  final List<SwiftSite> sites;
  final List<HttpFaults> ways;
  final List<Swift> clients;

  private TwoSites() throws IOException {
    folder = Files.createTempDirectory("two-sites");
    registry = ServerRegistry.open(folder);
    sites =
        SwiftSite.start(registry, REALM, SwiftOptions.named("east"), SwiftOptions.named("west"));
    ways = List.of(new HttpFaults(sites.get(0).address()), new HttpFaults(sites.get(1).address()));
    clients = List.of(client("east", ways.get(0).port()), client("west", ways.get(1).port()));
  }

  /** A client of a site that is reached at another port. */
  static Swift client(String name, int port) {
    String url = "http://127.0.0.1:" + port;
    SwiftLogin login = SwiftLogin.RESELLER;
    Site site =
        new Site(
            new MemberId(name),
            url + "/v1",
            name,
            new Identity.TempAuth(url + "/auth/v1.0", login.name(), login.key()),
            Role.ACTIVE,
            Map.of(),
            Optional.empty());
    Realm realm = new Realm(REALM.name(), REALM.key(), Optional.empty());
    return new Swift(
        site,
        new Signer(realm, () -> UUID.randomUUID().toString()),
        LIMITS,
        InstantSource.system());
  }

  @Override
  public void close() throws IOException {
    clients.forEach(Swift::close);
    for (HttpFaults way : ways) {
      way.close();
    }
    registry.close();
  }

  /** Gives them to tests, and starts them for the first. */
  static final class Given implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TwoSites.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      String missing = SwiftSite.missing().orElse("");
      assumeTrue(
          missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
      return context
          .getRoot()
          .getStore(Namespace.create(TwoSites.class))
          .computeIfAbsent(TwoSites.class, _ -> started(), TwoSites.class);
    }

    private static TwoSites started() {
      try {
        return new TwoSites();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
