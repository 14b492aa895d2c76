package io.cotidal.gateway.desk;

import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Two real sites, east and west. A gateway reaches its own one directly and the other through a
 * proxy that can cut them off.
 */
final class Pair implements AutoCloseable {
  static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  static final String ACCOUNT = "AUTH_cotidal";

  private final Path folder;
  private final ServerRegistry registry;
  final SwiftSite east;
  final SwiftSite west;
  final HttpFaults toEast;
  final HttpFaults toWest;

  Pair(Path folder) throws IOException {
    this.folder = folder;
    registry = ServerRegistry.open(folder.resolve("lab"));
    List<SwiftSite> sites =
        SwiftSite.start(registry, REALM, SwiftOptions.named("east"), SwiftOptions.named("west"));
    east = sites.get(0);
    west = sites.get(1);
    toEast = new HttpFaults(east.address());
    toWest = new HttpFaults(west.address());
  }

  /** Nothing passes between them any more. */
  void cut() {
    toEast.plan((_, _, _) -> new HttpFault.Reset());
    toWest.plan((_, _, _) -> new HttpFault.Reset());
  }

  /** It does again. */
  void heal() {
    toEast.plan(HttpFault.Plan.NONE);
    toWest.plan(HttpFault.Plan.NONE);
  }

  /** As a gateway before {@code here} needs it. */
  Lodge.Settings settings(String here) {
    int eastPort = here.equals("east") ? east.port() : toEast.port();
    int westPort = here.equals("west") ? west.port() : toWest.port();
    return settings(folder, here, eastPort, westPort);
  }

  static Lodge.Settings settings(Path folder, String here, int eastPort, int westPort) {
    return new Lodge.Settings(
        new MemberId(here),
        List.of(site("east", eastPort), site("west", westPort)),
        new Realm(REALM.name(), REALM.key(), Optional.empty()),
        ACCOUNT,
        folder.resolve("outbox-" + here),
        folder.resolve("placing-" + here + ".json"));
  }

  static Lodge.Manners manners(Promise promise) {
    return new Lodge.Manners(promise, Duration.ofSeconds(8), Duration.ofDays(14), 8);
  }

  Lodge lodge(String here) throws OutboxFailed {
    return Lodge.open(settings(here), manners(Promise.LOCAL), InstantSource.system());
  }

  private static Site site(String name, int port) {
    String url = "http://127.0.0.1:" + port;
    SwiftLogin login = SwiftLogin.RESELLER;
    return new Site(
        new MemberId(name),
        url + "/v1",
        name,
        new Identity.TempAuth(url + "/auth/v1.0", login.name(), login.key()),
        Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  /** As the service reaches a site itself. */
  Swift client(String name) {
    int port = name.equals("east") ? east.port() : west.port();
    Realm realm = new Realm(REALM.name(), REALM.key(), Optional.empty());
    return new Swift(
        site(name, port),
        new Signer(realm, () -> UUID.randomUUID().toString()),
        new Limits(4, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(20)),
        InstantSource.system());
  }

  SwiftUser eastUser() {
    return east.user(SwiftLogin.TESTER);
  }

  SwiftUser westUser() {
    return west.user(SwiftLogin.TESTER);
  }

  @Override
  public void close() throws IOException {
    toEast.close();
    toWest.close();
    registry.close();
  }
}
