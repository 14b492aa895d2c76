package io.cotidal.bench;

import io.cotidal.engine.Driver;
import io.cotidal.gateway.desk.Lodge;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.steps.ObjectsDriver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Real Swift sites. The first is here; the others are reached through proxies that make the way to
 * them longer, or cut it. All of it goes when it is closed.
 */
final class ObjectsHouse implements AutoCloseable {
  static final String ACCOUNT = SwiftLogin.TESTER.storageAccount();

  private static final List<String> NAMES = List.of("east", "west", "north");
  private static final String KEEPER = "AUTH_cotidal";
  private static final Duration STEP = Duration.ofMinutes(30);

  private final ServerRegistry registry;
  private final Path folder;
  private final List<SwiftSite> sites;
  private final List<FaultProxy> ways = new ArrayList<>();
  private long turn;

  private ObjectsHouse(ServerRegistry registry, int count) throws IOException {
    this.registry = registry;
    this.folder = registry.folder("bench-objects");
    SwiftRealm realm = SwiftRealm.of("bench", "realm-key-of-the-bench");
    SwiftOptions[] options =
        NAMES.stream().limit(count).map(SwiftOptions::named).toArray(SwiftOptions[]::new);
    this.sites = SwiftSite.start(registry, realm, options);
    SwiftRealm seen = realm;
    for (SwiftSite site : sites) {
      FaultProxy way = new FaultProxy(site.address());
      ways.add(way);
      if (site != here()) {
        seen = seen.cluster(site.name(), URI.create("http://127.0.0.1:" + way.port() + "/v1/"));
      }
    }
    here().change(seen);
  }

  /** With so many sites. */
  static ObjectsHouse open(int count) throws BenchProblem, IOException {
    Optional<String> missing = SwiftSite.missing();
    if (missing.isPresent()) {
      throw new BenchProblem(missing.get());
    }
    ServerRegistry registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    try {
      return new ObjectsHouse(registry, count);
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** The site that is near. */
  SwiftSite here() {
    return sites.getFirst();
  }

  /** All of them. */
  List<SwiftSite> sites() {
    return sites;
  }

  /** Owns the account of a site, and goes the short way. */
  SwiftUser user(int site) {
    return sites.get(site).user(SwiftLogin.TESTER);
  }

  /** The way from here to another site. */
  FaultProxy way(int site) {
    return ways.get(site);
  }

  /** Makes the way to all other sites so long, there and back. */
  void roundTrip(Duration time) {
    for (FaultProxy each : ways.subList(1, ways.size())) {
      for (FaultProxy.Way way : FaultProxy.Way.values()) {
        each.delay(way, time.dividedBy(2));
      }
    }
  }

  /** For files of a measurement. */
  Path folder(String name) {
    return folder.resolve(name);
  }

  private List<Site> members() {
    return IntStream.range(0, sites.size()).mapToObj(this::member).toList();
  }

  private Site member(int number) {
    SwiftSite site = sites.get(number);
    String url = "http://127.0.0.1:" + (number == 0 ? site.port() : ways.get(number).port());
    SwiftLogin login = SwiftLogin.RESELLER;
    return new Site(
        new MemberId(site.name()),
        url + "/v1",
        site.name(),
        new Site.Identity.TempAuth(url + "/auth/v1.0", login.name(), login.key()),
        Site.Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  private Realm realm() {
    return new Realm(here().realm().name(), here().realm().key(), Optional.empty());
  }

  /** What keeps the sites equal, with nothing agreed on yet if the name is new. */
  Driver<ObjectsFacts> driver(String name) {
    ObjectsSpec spec =
        new ObjectsSpec(
            new ResourceId("objects", "bench"),
            Mode.MANAGE,
            members(),
            realm(),
            List.of(ACCOUNT),
            Placement.EVERYWHERE,
            ObjectsSpec.Pace.USUAL,
            ObjectsSpec.Care.USUAL,
            folder(name));
    return new ObjectsDriver(spec, InstantSource.system());
  }

  /** Microseconds that an act about one container takes, which must find all sites equal then. */
  long act(Driver<ObjectsFacts> driver, String act, String container) throws BenchProblem {
    ContainerName name = new ContainerName(ACCOUNT, container);
    Step step =
        Step.act(act, ObjectsSpec.NAMESPACE, "measure")
            .with(Acts.ACCOUNT, name.account())
            .with(Acts.CONTAINER, name.container())
            .within(STEP);
    long begun = System.nanoTime();
    Outcome outcome = driver.act(step, new Stamp(1, ++turn), _ -> {});
    long micros = (System.nanoTime() - begun) / 1_000;
    if (!(outcome instanceof Outcome.Done done)) {
      throw new BenchProblem(act + " of " + name + ": " + outcome);
    }
    Details evidence = done.evidence();
    if (!evidence.get(Acts.OUTCOME, "").equals(Acts.EQUAL)) {
      throw new BenchProblem(name + " is not equal after " + act + ": " + evidence);
    }
    return micros;
  }

  /** What stands behind a gateway before the site that is near. */
  Lodge.Settings lodge(String name) {
    return new Lodge.Settings(
        new MemberId(here().name()),
        members(),
        realm(),
        KEEPER,
        folder(name),
        folder(name + "-placing.json"));
  }

  /** The usual manners with another promise. */
  static Lodge.Manners promising(Promise promise) {
    Lodge.Manners usual = Lodge.Manners.USUAL;
    return new Lodge.Manners(promise, usual.patience(), usual.tombstones(), usual.concurrency());
  }

  @Override
  public void close() throws IOException {
    try {
      for (FaultProxy each : ways) {
        each.close();
      }
    } finally {
      registry.close();
    }
  }
}
