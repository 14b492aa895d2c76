package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Prober;
import io.cotidal.lab.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two daemons on one store in a PostgreSQL server, and a cluster that they look after: the first
 * halts where a test says so, the second takes no commands.
 */
final class Company implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  private final ClusterLab lab;
  private final StoreServer server;
  private final Path order;
  private final DaemonProcess first;
  private final DaemonProcess second;
  private final Prober prober;

  private Company(ClusterLab lab) throws IOException, InterruptedException, SQLException {
    this.lab = lab;
    this.order = lab.cluster().folder().resolve("halt");
    this.server =
        StoreServer.start(
            lab.registry(), PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
    Path secret = lab.cluster().folder().resolve("store.password");
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, server.password().reveal());
    this.first = DaemonProcess.halting(lab, configure("first", true), order);
    await().atMost(LONG).until(() -> Views.leads(first.view()));
    this.second = DaemonProcess.serve(lab, configure("second", false));
    assertThat(first.begin("create", "create", "{}").status()).isEqualTo(202);
    awaitWhole(first);
    await().atMost(LONG).until(() -> Views.primary(second.view()).isPresent());
    this.prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1);
  }

  static Company open() throws IOException, InterruptedException, SQLException {
    ClusterLab lab = ClusterLab.open();
    try {
      return new Company(lab);
    } catch (IOException | SQLException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  private Path configure(String name, boolean commands) throws IOException {
    String text =
        Files.readString(lab.cluster().configuration())
            .replaceFirst("listen: .*", "listen: 127.0.0.1:" + lab.registry().port())
            .replaceFirst(
                "store: .*",
                """
                store: postgresql://cotidal@127.0.0.1:%d/cotidal
                store-password: {secret: "file:store.password"}
                lease: 2s
                accept-commands: %s\
                """
                    .formatted(server.port(), commands));
    return Files.writeString(lab.cluster().folder().resolve(name + ".yaml"), text);
  }

  ClusterLab lab() {
    return lab;
  }

  StoreServer server() {
    return server;
  }

  DaemonProcess first() {
    return first;
  }

  DaemonProcess second() {
    return second;
  }

  Prober prober() {
    return prober;
  }

  /** Lets the first one end or stop at one of its next commits. */
  void order(HaltingStore.Side side, int commit) throws IOException {
    new HaltingStore.Order(side, commit, 1).write(order);
  }

  /** Lets the first one go on after it has frozen. */
  void thaw() throws IOException {
    Files.delete(order);
    first().thaw();
  }

  static void awaitWhole(DaemonProcess daemon) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(LONG)
        .untilAsserted(() -> assertThat(Views.whole(daemon.view())).as(daemon::story).isTrue());
  }

  /** Members that take writes, asked one by one. */
  List<String> primaries() {
    List<String> primaries = new ArrayList<>();
    for (var target : lab.cluster().members()) {
      if (Prober.primary(List.of(target), lab.cluster().login()).isPresent()) {
        primaries.add(target.member());
      }
    }
    return primaries;
  }

  @Override
  public void close() throws IOException {
    prober.close();
    lab.close();
  }
}
