package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.HostKeys;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import io.cotidal.remote.ssh.SshChannel;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshHosts;
import io.cotidal.remote.ssh.SshLink;
import io.cotidal.remote.ssh.SshTrouble;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The SSH client with Debian's server. */
@Timeout(60)
class SshServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path state;
  private static ServerRegistry registry;
  private static SshServer server;
  private static final SshHosts HOSTS = new SshHosts();

  @BeforeAll
  static void begin() throws Exception {
    String missing = SshServer.missing().orElse("");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state);
    server = SshServer.start(registry);
    server.letIn("command=\"echo forced; echo \\\"$SSH_ORIGINAL_COMMAND\\\"; cat\",restrict");
  }

  @AfterAll
  static void end() throws Exception {
    if (registry != null) {
      server.stop();
      registry.close();
    }
  }

  private static SshAccess access(Path identity, String known) {
    return new SshAccess(
        "127.0.0.1",
        server.port(),
        server.user(),
        identity,
        new PinnedKeys.Given(HostKeys.of(List.of(known), "127.0.0.1", server.port())));
  }

  private static SshLink link() throws Exception {
    return HOSTS.link(access(server.identity(), server.knownHost()));
  }

  private static Deadline soon() {
    return Deadline.in(PATIENCE);
  }

  private static SshTrouble trouble(SshLink link, Deadline deadline) {
    SshFailure failure =
        catchThrowableOfType(SshFailure.class, () -> link.open("anything", deadline).close());
    assertThat(failure).isNotNull();
    return failure.trouble();
  }

  @Test
  @DisplayName("the forced command runs, whatever is asked for, and lines go both ways")
  void forced() throws Exception {
    try (SshLink link = link();
        SshChannel channel = link.open("touch /tmp/no", soon())) {
      assertThat(channel.hear(soon())).isEqualTo("forced");
      assertThat(channel.hear(soon())).isEqualTo("touch /tmp/no");
      channel.say("hello");
      assertThat(channel.hear(soon())).isEqualTo("hello");
      channel.sayNoMore();
      assertThat(channel.hearOrEnd(soon())).isEmpty();
    }
  }

  @Test
  @DisplayName("another host key than the pinned one cannot tell, and nothing is sent to it")
  void foreignHost() throws Exception {
    String other = "ssh-ed25519 " + SshServer.publicKey(server.stranger()).split(" ")[1];
    try (SshLink link = HOSTS.link(access(server.identity(), other))) {
      SshTrouble trouble = trouble(link, soon());
      assertThat(trouble).isInstanceOf(SshTrouble.CannotTell.class);
      assertThat(trouble.reason()).contains("shows another host key");
    }
  }

  @Test
  @DisplayName("a key that is not let in cannot tell")
  void stranger() throws Exception {
    try (SshLink link = HOSTS.link(access(server.stranger(), server.knownHost()))) {
      SshTrouble trouble = trouble(link, soon());
      assertThat(trouble).isInstanceOf(SshTrouble.CannotTell.class);
      assertThat(trouble.reason()).contains("not let in");
    }
  }

  @Test
  @DisplayName("a key that others may read is not used")
  void openKey(@TempDir Path folder) throws Exception {
    Path copy = Files.copy(server.identity(), folder.resolve("key"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    try (SshLink link = HOSTS.link(access(copy, server.knownHost()))) {
      assertThat(trouble(link, soon()).reason()).contains("others may use it");
    }
  }

  @Test
  @DisplayName("nobody listens: refused; somebody listens and says nothing: silent")
  void refusedAndSilent() throws Exception {
    SshAccess known = access(server.identity(), server.knownHost());
    int nobody = registry.port();
    SshAccess refused =
        new SshAccess("127.0.0.1", nobody, known.user(), known.identity(), known.keys());
    try (SshLink link = HOSTS.link(refused)) {
      assertThat(trouble(link, soon())).isInstanceOf(SshTrouble.Refused.class);
    }
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      SshAccess silent =
          new SshAccess(
              "127.0.0.1", mute.getLocalPort(), known.user(), known.identity(), known.keys());
      try (SshLink link = HOSTS.link(silent)) {
        assertThat(trouble(link, Deadline.in(Duration.ofMillis(500))))
            .isInstanceOf(SshTrouble.Silent.class);
      }
    }
  }

  @Test
  @DisplayName("without a line that holds the host's key nobody is talked to")
  void noKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("known_hosts");
    SshAccess known = server.access();
    SshAccess access =
        new SshAccess(
            known.host(),
            known.port(),
            known.user(),
            known.identity(),
            new PinnedKeys.InFile(file));
    try (SshLink link = HOSTS.link(access)) {
      assertThat(trouble(link, soon()).reason()).contains("cannot be read");
    }
    Files.writeString(file, server.knownHost().replace("127.0.0.1", "127.0.0.2") + "\n");
    try (SshLink link = HOSTS.link(access)) {
      assertThat(trouble(link, soon()).reason()).contains("no line holds a key");
    }
    Files.writeString(file, server.knownHost() + "\n");
    try (SshLink link = HOSTS.link(access);
        SshChannel channel = link.open("x", soon())) {
      assertThat(channel.hear(soon())).isEqualTo("forced");
    }
  }

  @Test
  @DisplayName("a session that broke is opened anew by the next use")
  void again() throws Exception {
    SshServer other = SshServer.start(registry);
    other.letIn("command=\"echo there\",restrict");
    try (SshLink link = HOSTS.link(other.access())) {
      try (SshChannel channel = link.open("x", soon())) {
        assertThat(channel.hear(soon())).isEqualTo("there");
      }
      other.stop();
      await().atMost(PATIENCE).until(() -> !link.ready());
      assertThat(trouble(link, soon())).isInstanceOf(SshTrouble.Refused.class);
      other.start();
      await().atMost(PATIENCE).until(link::ready);
      try (SshChannel channel = link.open("x", soon())) {
        assertThat(channel.hear(soon())).isEqualTo("there");
      }
    } finally {
      other.stop();
    }
  }
}
