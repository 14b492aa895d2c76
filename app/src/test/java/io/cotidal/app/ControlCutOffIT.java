package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.cli.api.Node;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.Login;
import io.cotidal.lab.Prober;
import io.cotidal.lab.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * A control plane that cannot see the primary, and one that is asked twice. It alone reaches the
 * member {@code a} through a proxy: to its resolver {@code localhost} is another address than to
 * the replicas'.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControlCutOffIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ELSEWHERE = "127.0.0.2";

  private ClusterLab lab;
  private FaultProxy proxy;
  private DaemonProcess daemon;
  private Prober prober;

  @BeforeAll
  void open() throws IOException, InterruptedException, SQLException {
    lab = ClusterLab.open();
    DemoCluster cluster = lab.cluster();
    Path configuration = cluster.configuration();
    Files.writeString(
        configuration,
        Files.readString(configuration).replace("{name: a,", "{name: a, host: localhost,"));
    Path hosts = cluster.folder().resolve("hosts");
    Files.writeString(hosts, ELSEWHERE + " localhost\n");
    int port = cluster.member("a").port();
    proxy =
        new FaultProxy(
            new InetSocketAddress(InetAddress.ofLiteral(ELSEWHERE), port),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    daemon = DaemonProcess.serve(lab, "-Djdk.net.hosts.file=" + hosts);
    await().atMost(LONG).until(() -> Views.leads(daemon.view()));
    assertThat(daemon.begin("create", "create", "{\"primary\":\"a\"}").status()).isEqualTo(202);
    awaitWhole();
    prober = Prober.start(cluster.members(), cluster.login(), 1);
  }

  @AfterAll
  void close() throws IOException {
    if (prober != null) {
      prober.close();
    }
    lab.close();
    if (proxy != null) {
      proxy.close();
    }
  }

  private void awaitWhole() {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(Views.whole(daemon.view())).as(daemon::story).isTrue());
  }

  private void primaryIsA() throws IOException, InterruptedException {
    awaitWhole();
    if (!Views.primary(daemon.view()).orElseThrow().equals("a")) {
      String body = "{\"to\":\"a\"}";
      assertThat(daemon.beginOnceFree("switchover", "back to a", body).status()).isEqualTo(202);
      await().atMost(LONG).until(() -> Views.primary(daemon.view()).stream().anyMatch("a"::equals));
      awaitWhole();
    }
  }

  /** The daemon says that it is cut off, for as long; nothing is begun, and writes go on. */
  private void changesNothing(Duration length) {
    long operations = Views.lastNumber(daemon.view());
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(Views.code(daemon.view())).as(daemon::story).isEqualTo("control-cut-off"));
    long from = System.nanoTime();
    await()
        .during(length)
        .atMost(length.plusSeconds(20))
        .untilAsserted(() -> {
          Node view = daemon.view();
          assertThat(Views.code(view)).as(daemon::story).isEqualTo("control-cut-off");
          assertThat(view.at("diagnosis").text("sentence")).contains("b").contains("c still");
          assertThat(Views.lastNumber(view)).isEqualTo(operations);
        });
    Acknowledgements all = prober.acknowledgements();
    assertThat(all.gap(from, System.nanoTime())).isLessThan(Duration.ofSeconds(5));
    assertThat(all.count("b", from) + all.count("c", from)).isZero();
  }

  private void heals(long operations) {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(Views.code(daemon.view())).as(daemon::story).isEqualTo("healthy"));
    assertThat(Views.lastNumber(daemon.view())).isEqualTo(operations);
  }

  @Test
  @DisplayName(
      "postgres/S5: cut off from the primary for 15 s, then deaf to it: nothing is changed")
  void cutOff() throws IOException, InterruptedException {
    primaryIsA();
    long operations = Views.lastNumber(daemon.view());
    await()
        .atMost(LONG)
        .until(() -> {
          // One that was being made is cut as well.
          proxy.cut();
          return proxy.connections() == 0;
        });
    changesNothing(Duration.ofSeconds(15));
    proxy.mend();
    heals(operations);

    proxy.hold(FaultProxy.Way.TO_CLIENT);
    changesNothing(Duration.ofSeconds(5));
    proxy.mend();
    heals(operations);
  }

  @Test
  @DisplayName("postgres/S15: a wrong password for the primary: cannot tell, never down")
  void wrongPassword() throws IOException, InterruptedException, SQLException {
    primaryIsA();
    long operations = Views.lastNumber(daemon.view());
    Login login = lab.cluster().login();
    long from = System.nanoTime();
    try (Connection session = session(lab.cluster().member("a"), login);
        Statement statement = session.createStatement()) {
      password(statement, "another");
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND application_name <> 'prober'");
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() ->
              assertThat(Views.code(daemon.view())).as(daemon::story).isEqualTo("primary-unclear"));
      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            Node view = daemon.view();
            assertThat(Views.code(view)).isEqualTo("primary-unclear");
            assertThat(view.at("diagnosis").text("sentence"))
                .contains("cannot tell")
                .contains("password");
            assertThat(Views.lastNumber(view)).isEqualTo(operations);
          });
      password(statement, login.password().reveal());
    }
    heals(operations);
    assertThat(prober.acknowledgements().gap(from, System.nanoTime()))
        .isLessThan(Duration.ofSeconds(5));
  }

  private static Connection session(Target member, Login login) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + member.host() + ":" + member.port() + "/" + login.database(),
        login.user(),
        login.password().reveal());
  }

  private static void password(Statement statement, String password) throws SQLException {
    statement.execute("ALTER ROLE CURRENT_USER PASSWORD " + statement.enquoteLiteral(password));
  }

  @Test
  @DisplayName("postgres/S11: two operators ask at once: one is told who was first")
  void twoOperators() throws IOException, InterruptedException, ExecutionException {
    primaryIsA();
    List<Callable<DaemonProcess.Answer>> both =
        List.of(
            () -> daemon.begin("switchover", "adam", "{\"to\":\"b\"}"),
            () -> daemon.begin("switchover", "eve", "{\"to\":\"c\"}"));
    List<Future<DaemonProcess.Answer>> answers;
    try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
      answers = operators.invokeAll(both);
    }
    DaemonProcess.Answer first = answers.get(0).get();
    DaemonProcess.Answer second = answers.get(1).get();
    boolean adamWasFirst = first.status() == 202;
    DaemonProcess.Answer taken = adamWasFirst ? first : second;
    DaemonProcess.Answer refused = adamWasFirst ? second : first;
    assertThat(taken.status()).isEqualTo(202);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body().text("type")).endsWith("/conflict");
    assertThat(refused.body().text("operation")).isEqualTo(taken.body().text("id"));
    awaitWhole();
    assertThat(Views.primary(daemon.view())).hasValue(adamWasFirst ? "b" : "c");
  }
}
