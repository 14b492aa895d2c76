package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Credentials;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Server;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.StoreServer;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two daemons of one store whose files say different things of one cluster. */
@Timeout(120)
final class OfRecordIT {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Duration LONG = Duration.ofSeconds(60);

  private ClusterLab lab;
  private StoreServer server;
  private Wiring first;
  private Wiring second;

  @BeforeEach
  void open() throws IOException, InterruptedException, SQLException, StartFailure {
    lab = ClusterLab.open();
    server =
        StoreServer.start(
            lab.registry(), PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
    Path secret = lab.cluster().folder().resolve("store.password");
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, server.password().reveal());
    first = start(write("first", "automatic: true"));
    await().atMost(LONG).until(() -> view(first).map(ResourceView::leading).orElse(false));
    second = start(write("second", "automatic: true, confirm: 7"));
  }

  @AfterEach
  void close() throws IOException {
    first.close();
    if (second != null) {
      second.close();
    }
    lab.close();
  }

  private Path write(String name, String failover) throws IOException {
    Path file = lab.cluster().folder().resolve(name + ".yaml");
    boolean fresh = !Files.exists(file);
    int port = fresh ? lab.registry().port() : lab.configuration(file).listen().getPort();
    String text =
        Files.readString(lab.cluster().configuration())
            .replace("automatic: true", failover)
            .replaceFirst("listen: .*", "listen: 127.0.0.1:" + port)
            .replaceFirst(
                "store: .*",
                """
                store: postgresql://cotidal@127.0.0.1:%d/cotidal
                store-password: {secret: "file:store.password"}
                lease: 2s\
                """
                    .formatted(server.port()));
    return Files.writeString(file, text);
  }

  private Wiring start(Path file) throws StartFailure {
    return Wiring.start(
        lab.configuration(file),
        "test",
        Kinds.reader(Map.of(), Map.of(), lab.cluster().folder()).again(file));
  }

  private static Optional<ResourceView> view(Wiring daemon) {
    return daemon.control().resource(ORDERS);
  }

  private Api api(Wiring daemon) throws IOException {
    Path token = Wiring.tokenFile(lab.configuration(lab.cluster().folder().resolve("first.yaml")));
    return new Api(
        Server.parse(daemon.uri().toString(), "test"),
        new Credentials(Map.of("COT_TOKEN", Files.readString(token).strip())));
  }

  private Node apply(Wiring daemon) throws IOException {
    return api(daemon).post("/api/v1/configuration/apply", Map.of(), Map.of()).body();
  }

  private Node ofRecord(Wiring daemon) throws IOException {
    return api(daemon).get("/api/v1/configuration").list("resources").getFirst();
  }

  private static Reply ask(Wiring daemon) {
    return daemon
        .control()
        .command(ORDERS, new Command.Begin(new Actor("eve"), "create", Details.NONE, null, false))
        .join();
  }

  @Test
  @DisplayName("who differs from what is of record leaves the cluster alone until it is told")
  void differs() throws IOException {
    assertThat(ofRecord(second).flag("agrees")).isFalse();
    assertThat(ofRecord(second).list("differences").getFirst().text())
        .isEqualTo("failover.confirm");

    write("second", "automatic: true, confirm: 8");
    assertThatThrownBy(() -> apply(second))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("apply it where the leader is");

    first.close();
    await().atMost(LONG).until(() -> ask(second).toString().contains("differs from the one"));
    assertThat(second.control().health().problems())
        .anyMatch(
            problem -> problem.contains("failover.confirm") && problem.contains("first.yaml"));
    assertThat(view(second).orElseThrow().leading()).isFalse();
    assertThat(api(second).get("/api/v1/doctor").list("checks"))
        .anyMatch(check -> !check.flag("ok") && check.text("name").equals("postgres/orders"));

    assertThat(apply(second).list("changes").getFirst().text("state")).isEqualTo("applied");
    await().atMost(LONG).until(() -> view(second).orElseThrow().leading());
    assertThat(ofRecord(second).number("generation")).isEqualTo(2);
    assertThat(ofRecord(second).text("origin")).endsWith("second.yaml");
    assertThat(second.control().health().problems()).isEmpty();
  }
}
