package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cotidal.engine.Store;
import io.cotidal.lab.MailTrap;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts that arrive at a real mail server, a real web server and a real program. */
@Timeout(60)
final class AlertDeskTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");

  @TempDir private Path folder;

  private static AlertDesk desk(List<Alert> alerts, List<Plugin> plugins) {
    PostgresSpec spec =
        new PostgresSpec(
            ORDERS,
            Mode.MANAGE,
            List.of(),
            0,
            Failover.DEFAULT,
            new Access("postgres", new Secret("canary-1"), "replicator", new Secret("canary-2")),
            new TreeMap<>());
    return new AlertDesk(List.of(spec.with(new Practice(Policy.NONE, List.of(), plugins, alerts))));
  }

  private static ControlPlane.Change event(Severity severity, String code) {
    return new ControlPlane.Change.Logged(
        new Store.LoggedEvent(
            1,
            new Event(
                ORDERS, 7, severity, code, 17, null, "a is dead", Details.of("a", "refused"))));
  }

  private Alert.Mail mail(MailTrap trap, boolean startTls, boolean login) {
    return new Alert.Mail(
        "people",
        "127.0.0.1",
        trap.port(),
        startTls,
        Optional.of(trap.certificate()),
        login
            ? Optional.of(new Alert.Mail.User("cotidal", new Secret("canary-mail")))
            : Optional.empty(),
        "cotidal@example.org",
        List.of("ann@example.org", "bob@example.org"));
  }

  @Test
  @DisplayName("Mail goes over STARTTLS, with a login, to everybody")
  void mail() throws IOException {
    try (MailTrap trap = MailTrap.start(folder, true)) {
      desk(List.of(mail(trap, true, true)), List.of())
          .accept(event(Severity.CRITICAL, "primary-dead"));
      assertThat(trap.mails()).hasSize(1);
      MailTrap.Mail got = trap.mails().getFirst();
      assertThat(got.secured()).isTrue();
      assertThat(got.login()).isEqualTo("\0cotidal\0canary-mail");
      assertThat(got.to()).containsExactly("<ann@example.org>", "<bob@example.org>");
      String body = got.data().substring(got.data().indexOf("\n\n")).replaceAll("\\s", "");
      assertThat(new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8))
          .contains("a is dead", "a: refused", "cot op get postgres/orders#17");
    }
  }

  @Test
  @DisplayName("A server without STARTTLS is told nothing; one whose certificate nobody knows, too")
  void noTls() throws IOException {
    try (MailTrap trap = MailTrap.start(folder, false)) {
      desk(List.of(mail(trap, true, false)), List.of())
          .accept(event(Severity.CRITICAL, "primary-dead"));
      assertThat(trap.mails()).isEmpty();
      desk(List.of(mail(trap, false, false)), List.of())
          .accept(event(Severity.CRITICAL, "primary-dead"));
      assertThat(trap.mails()).hasSize(1);
    }
    Path other = Files.createDirectory(folder.resolve("other"));
    try (MailTrap trap = MailTrap.start(other, true)) {
      Alert.Mail stranger =
          new Alert.Mail(
              "people",
              "127.0.0.1",
              trap.port(),
              true,
              Optional.of(folder.resolve("mail.pem")),
              Optional.empty(),
              "cotidal@example.org",
              List.of("ann@example.org"));
      desk(List.of(stranger), List.of()).accept(event(Severity.CRITICAL, "primary-dead"));
      assertThat(trap.mails()).isEmpty();
    }
  }

  @Test
  @DisplayName("A webhook gets JSON and the token; what matters to nobody is not sent")
  void webhook() throws IOException {
    List<String> posts = new CopyOnWriteArrayList<>();
    List<String> tokens = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/alerts",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(posts.size() == 1 ? 500 : 204, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
      AlertDesk desk =
          desk(
              List.of(new Alert.Webhook("hook", url, Optional.of(new Secret("canary-token")))),
              List.of());
      desk.accept(event(Severity.INFO, "quorum-done"));
      assertThat(posts).isEmpty();
      desk.accept(event(Severity.INFO, "failover-done"));
      assertThat(posts).as("refused once, and tried again").hasSize(2);
      assertThat(posts.getLast())
          .contains("\"code\":\"failover-done\"", "\"resource\":\"postgres/orders\"")
          .doesNotContain("canary");
      assertThat(tokens.getLast()).isEqualTo("Bearer canary-token");
    } finally {
      server.stop(0);
    }
  }

  @Test
  @DisplayName("A program of the hook alert reads the event; one that fails stops nobody else")
  void program() throws IOException {
    Path heard = folder.resolve("heard");
    Plugin broken = plugin("broken", "exit 1");
    Plugin good = plugin("good", "cat > " + heard + "; echo '{\"ok\": true}'");
    desk(List.of(), List.of(broken, good)).accept(event(Severity.WARNING, "degraded"));
    assertThat(Files.readString(heard))
        .contains("\"hook\":\"alert\"", "\"code\":\"degraded\"")
        .doesNotContain("canary");
  }

  private Plugin plugin(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Plugin(Plugin.Hook.ALERT, name, file, Duration.ofSeconds(5), new TreeMap<>());
  }
}
