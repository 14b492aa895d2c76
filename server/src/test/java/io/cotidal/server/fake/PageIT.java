package io.cotidal.server.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.model.Permission;
import io.cotidal.server.ApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Looks at every screen in a real browser. Needs node 18, Chromium, and the npm packages in
 * web/src/test/page; ./check installs them when it may.
 */
@Timeout(240)
final class PageIT {
  private static final Path TEST = Path.of("../web/src/test/page").toAbsolutePath().normalize();
  private static final String CHROMIUM =
      System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");

  @Test
  @DisplayName(
      "the page: light and dark, wide and narrow, no axe violation, a failover from end to end")
  void look() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(CHROMIUM)), "SKIPPED: no Chromium at " + CHROMIUM);
    assumeTrue(
        Files.isDirectory(TEST.resolve("node_modules/playwright-core")),
        "SKIPPED: run npm ci --ignore-scripts in " + TEST);
    Path pictures = Files.createDirectories(Path.of("target/pictures"));
    List<ApiServer> servers = new ArrayList<>();
    try {
      List<String> command =
          new ArrayList<>(List.of("node", "look.mjs", pictures.toAbsolutePath().toString()));
      for (String scene : List.of("calm", "failover", "empty", "play")) {
        ApiServer server = DevServer.start(scene, 0);
        servers.add(server);
        command.add(scene + "=" + links(server));
      }
      assertThat(run(command)).isEmpty();
    } finally {
      servers.forEach(ApiServer::close);
    }
  }

  private static String links(ApiServer server) {
    return Stream.generate(() -> server.oneTimeLink(Permission.ADMIN, Duration.ofMinutes(10)))
        .limit(4)
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process node =
        new ProcessBuilder(command).directory(TEST.toFile()).redirectErrorStream(true).start();
    try {
      String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(node.waitFor(10, TimeUnit.SECONDS)).isTrue();
      return node.exitValue() == 0 ? "" : said + "exit code " + node.exitValue();
    } finally {
      node.destroyForcibly();
    }
  }
}
