package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.adopt.AdoptCommand;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftUser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** From the original's two sites to a daemon over them, as somebody would go that way. */
final class AutosyncStory {
  /** Who owned the containers there. */
  static final SwiftLogin OWNER = SwiftLogin.of("old", "owner", "owners-password", ".admin");

  private final SitesLab lab;
  private final Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  AutosyncStory(SitesLab lab) throws IOException {
    this.lab = lab;
    this.folder = Files.createDirectories(lab.folder.resolve("autosync-files"));
  }

  private String first() {
    return lab.site("east").endpoint().toString();
  }

  private String second() {
    return lab.site("west").endpoint().toString();
  }

  private String file(String resource, String name, String peer) throws IOException {
    try (InputStream in = AutosyncStory.class.getResourceAsStream("/autosync/" + resource)) {
      assertThat(in).as(resource).isNotNull();
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@FIRST@", first())
              .replace("@SECOND@", second())
              .replaceAll("@(FIRST|SECOND|PEER)-HOST@", peer);
      return Files.writeString(folder.resolve(name), text).toString();
    }
  }

  private int adopt(String... arguments) {
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 80);
    return new AdoptCommand(List.of(new AutosyncOriginal())).run(List.of(arguments), terminal);
  }

  void tell() throws Exception {
    Path written = folder.resolve("cotidal.yaml");
    int code =
        adopt(
            file("primary-proxy-server.conf", "east-proxy-server.conf", "127.0.0.1"),
            file("container-server.conf", "east-container-server.conf", "127.0.0.1"),
            file("secondary-proxy-server.conf", "west-proxy-server.conf", "127.0.0.1"),
            file("container-server.conf", "west-container-server.conf", "127.0.0.1"),
            "-o",
            written.toString());
    assertThat(code).as(err::toString).isZero();
    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(said)
        .contains(
            "Written: " + written,
            "lines 7-8: take autosync out: pipeline = catch_errors gatekeeper healthcheck cache"
                + " container_sync tempauth slo dlo proxy-server",
            "west-proxy-server.conf: line 7: take autosync out:",
            "east-container-server.conf: line 3: remove allowed_sync_hosts",
            "remove [filter:autosync]",
            "its pipeline asks nobody who he is")
        .doesNotContain("canary");
    String yaml = Files.readString(written);
    assertThat(yaml).contains("mode: observe").doesNotContain("canary");
    serves(filledIn(yaml));
  }

  /** What somebody does who reads what is marked. */
  private Configuration filledIn(String yaml) throws IOException {
    assertThat(yaml).contains("AUTH_admin", "AUTH_old", "name: \"lab\"", "realm-name: \"west\"");
    String filled =
        """
        listen: 127.0.0.1:%d
        store: sqlite:%s
        """
                .formatted(lab.registry.port(), folder.resolve("cotidal.db"))
            + yaml.replace("mode: observe", "mode: manage\n    pace: {scan: 1s}")
                .replaceAll("folder: .*", "folder: \"" + folder.resolve("agreed") + "\"")
                .replaceAll("accounts: \\[.*?]", "accounts: [" + OWNER.storageAccount() + "]")
                .replace("user: \"account:user\"", "user: \"" + SwiftLogin.RESELLER.name() + "\"")
                .replace("env:OBJECTS_REALM_KEY", "env:REALM")
                .replaceAll("env:OBJECTS_[0-9A-Z_]*_KEY", "env:RESELLER");
    Path file = Files.writeString(folder.resolve("filled-in.yaml"), filled);
    Map<String, String> environment =
        Map.of("REALM", SitesLab.REALM_KEY, "RESELLER", SwiftLogin.RESELLER.key().reveal());
    Loaded loaded = Kinds.reader(Map.of(), environment, folder).read(file);
    assertThat(loaded).as(filled).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration();
  }

  private void serves(Configuration configuration) throws Exception {
    SwiftUser east = lab.site("east").user(OWNER);
    SwiftUser west = lab.site("west").user(OWNER);
    try (StartedDaemon _ = new StartedDaemon(configuration)) {
      east.put("/unified", RawHeader.of("X-Container-Meta-Kind", "test"));
      east.put("/unified/one", RawBody.of("one"));
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> {
            assertThat(west.get("/unified/one").text()).isEqualTo("one");
            assertThat(west.head("/unified").header("X-Container-Meta-Kind")).contains("test");
          });
      west.put("/unified/two", RawBody.of("two"));
      await()
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertThat(east.names("/unified")).containsExactly("one", "two"));
    }
  }
}
