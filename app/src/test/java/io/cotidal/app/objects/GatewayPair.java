package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ThrowingRunnable;

/** Two real sites, each with {@code cot gateway} before it, and no daemon. */
final class GatewayPair {
  private static final Duration SOON = Duration.ofSeconds(60);

  final SitesLab lab;
  final Path configuration;
  final GatewayLab eastGate;
  final GatewayLab westGate;

  GatewayPair() throws Exception {
    lab = SitesLab.open(SwiftOptions.named("east"), SwiftOptions.named("west"));
    configuration = lab.folder.resolve("gateways.yaml");
    try {
      GatewayLab.Ports one = new GatewayLab.Ports(lab.registry.port(), lab.registry.port());
      GatewayLab.Ports other = new GatewayLab.Ports(lab.registry.port(), lab.registry.port());
      Files.writeString(configuration, written(one, other));
      eastGate = new GatewayLab(lab, "east", configuration, one);
      westGate = new GatewayLab(lab, "west", configuration, other);
    } catch (IOException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  private String written(GatewayLab.Ports one, GatewayLab.Ports other) {
    return """
    objects:
      media:
        folder: %s
        accounts: [%s]
        realm: {name: %s, key: {secret: "file:%s"}}
        placement:
          - {container: "all-*", sites: [east, west], answer: all}
        sites:
    %s\
    """
        .formatted(
            lab.folder.resolve("media"),
            SwiftLogin.TESTER.storageAccount(),
            SitesLab.REALM,
            lab.folder.resolve("realm"),
            (place("east", one) + place("west", other)).indent(6));
  }

  private String place(String site, GatewayLab.Ports ports) {
    return lab.at(site).getFirst()
        + """
          gateway:
            listen: 127.0.0.1:%d
            folder: %s
            status: 127.0.0.1:%d
        """
            .formatted(ports.listen(), lab.folder.resolve("gateway-" + site), ports.status());
  }

  static void soon(ThrowingRunnable holds) {
    await().atMost(SOON).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  /** Until nothing waits for the other site at either. */
  void settled() {
    soon(() -> {
      assertThat(eastGate.says("/waiting").body()).isEqualToIgnoringWhitespace("[]");
      assertThat(westGate.says("/waiting").body()).isEqualToIgnoringWhitespace("[]");
    });
  }

  /** What is the same everywhere of a container; empty if it is not there. */
  static Map<String, String> state(SwiftUser user, String path) throws IOException {
    RawAnswer answer = user.head(path);
    Map<String, String> state = new TreeMap<>();
    if (answer.status() == 404) {
      return state;
    }
    assertThat(answer.status()).isEqualTo(204);
    for (RawHeader header : answer.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith("x-container-meta-") || name.equals("x-container-sync-key")) {
        state.put(name, header.value());
      }
    }
    return state;
  }

  /** Ends all of it. */
  void close() throws Exception {
    eastGate.close();
    westGate.close();
    lab.close();
  }
}
