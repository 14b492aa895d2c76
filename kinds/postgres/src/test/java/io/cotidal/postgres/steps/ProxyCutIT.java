package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.HaProxyServer;
import io.cotidal.lab.Login;
import io.cotidal.lab.PgBouncerServer;
import io.cotidal.lab.ProxyClient;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.Target;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.proxies.ProxiedDriver;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are cut off from a server that lives, at a real pgbouncer and a real HAProxy. */
@Timeout(90)
class ProxyCutIT {
  private static final MemberId P = new MemberId("p");
  private static final MemberId H = new MemberId("h");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Stamp STAMP = new Stamp(1, 1);

  private ServerRegistry registry;
  private TestCluster cluster;
  private PgBouncerServer bouncer;
  private HaProxyServer haproxy;
  private ProxiedDriver driver;
  private Login login;

  @BeforeEach
  void begin() throws Exception {
    Optional<String> missing =
        Stream.of(PgBouncerServer.missing(), HaProxyServer.missing())
            .flatMap(Optional::stream)
            .findFirst();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no cut proven: " + missing.orElse(""));
    registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    cluster = new TestCluster(TestCluster.bundled()).first();
    login = new Login("postgres", new Secret(TestCluster.PASSWORD), "postgres");
    bouncer = PgBouncerServer.start(registry, login);
    haproxy = new HaProxyServer(registry);
    int port = cluster.spec.server(A).orElseThrow().port();
    haproxy.start(
        List.of(new Target("a", "127.0.0.1", port)), new HaProxyServer.Asks(port, "nothing"));
    Proxy.Console console =
        new Proxy.Console(
            "127.0.0.1",
            bouncer.port(),
            PgBouncerServer.ADMINISTRATOR,
            new Secret(PgBouncerServer.PASSWORD));
    List<Proxy> proxies =
        List.of(
            new Proxy.PgBouncer(
                P, console, bouncer.databases(), new TreeMap<>(Map.of("postgres", ""))),
            new Proxy.HaProxy(H, haproxy.socket(), HaProxyServer.BACKEND));
    driver =
        new ProxiedDriver(
            cluster.spec.with(new Practice(Policy.NONE, proxies)),
            cluster.driver,
            cluster.processes);
  }

  @AfterEach
  void end() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private void done(Step step) {
    assertThat(driver.act(step, STAMP, _ -> {})).isInstanceOf(Outcome.Done.class);
    assertThat(driver.inspect(step, STAMP)).isInstanceOf(Inspection.Applied.class);
  }

  private void writes(ProxyClient client) {
    long from = client.written();
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(client.written()).as("%s", client.problems()).isGreaterThan(from + 20));
  }

  private void cutAndLetIn(MemberId proxy, int port, long firstId) throws Exception {
    Step point =
        Step.act(Acts.PROXY_POINT, proxy, "point")
            .with(Acts.UPSTREAM, A)
            .within(Duration.ofSeconds(5));
    Step cut =
        Step.act(Acts.PROXY_CUT, proxy, "cut").with(Acts.FROM, A).within(Duration.ofSeconds(2));
    done(point);
    try (ProxyClient client = ProxyClient.start(port, login, firstId)) {
      writes(client);
      done(cut);
      long written = client.written();
      await()
          .during(Duration.ofSeconds(1))
          .atMost(LONG)
          .untilAsserted(() -> assertThat(client.written()).isLessThanOrEqualTo(written + 1));
      done(cut);
      done(point);
      writes(client);
      client.stop();
      assertThat(client.problems()).as("its session was ended").isNotEmpty();
    }
  }

  @Test
  @DisplayName("pgbouncer ends the sessions; clients wait until it leads somewhere again")
  void bouncer() throws Exception {
    cutAndLetIn(P, bouncer.port(), 1);
  }

  @Test
  @DisplayName("HAProxy ends the sessions; clients are refused until it leads somewhere again")
  void balancer() throws Exception {
    cutAndLetIn(H, haproxy.switched(), 1_000_000);
  }
}
