package io.cotidal.copies.servers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines of versions that no Debian has. */
@Timeout(20)
final class VersionTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("an Engine that is too old is refused with what is needed")
  void tooOld() throws Exception {
    try (Engine engine = new Engine("1.40", "1.12")) {
      assertThatThrownBy(() -> engine.api.version(soon()))
          .hasMessage(
              "the Docker Engine 99 speaks API 1.40 at most: 1.41 (Docker 20.10) or newer is needed");
    }
  }

  @Test
  @DisplayName("an Engine that no longer understands 1.41 is spoken to in the oldest that it does")
  void newer() throws Exception {
    try (Engine engine = new Engine("1.52", "1.44")) {
      assertThatThrownBy(() -> engine.api.list(new TreeMap<>(), soon()))
          .isInstanceOf(DockerException.class);
      assertThat(engine.asked).first().isEqualTo("GET /version HTTP/1.1");
      assertThat(engine.asked.getLast()).startsWith("GET /v1.44/containers/json?all=1");
    }
    try (Engine engine = new Engine("1.52", "1.24")) {
      assertThatThrownBy(() -> engine.api.inspect("a.b", soon()))
          .isInstanceOf(DockerException.class);
      assertThat(engine.asked.getLast()).isEqualTo("GET /v1.41/containers/a.b/json HTTP/1.1");
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  /** Says its version, and refuses everything else. */
  private final class Engine implements AutoCloseable {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final DockerApi api;

    Engine(String most, String least) throws IOException {
      Path socket = folder.resolve("s" + most + least);
      server.bind(UnixDomainSocketAddress.of(socket));
      api = new DockerApi(socket);
      String version =
          "{\"Version\":\"99\",\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}"
              .formatted(most, least);
      Thread.ofVirtual().start(() -> serve(version));
    }

    private void serve(String version) {
      while (true) {
        try (var channel = server.accept()) {
          ByteBuffer request = ByteBuffer.allocate(4096);
          channel.read(request);
          String line =
              new String(request.array(), StandardCharsets.UTF_8).lines().findFirst().orElse("");
          asked.add(line);
          String answer =
              line.contains("/version")
                  ? "HTTP/1.1 200 OK\r\nContent-Length: " + version.length() + "\r\n\r\n" + version
                  : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
          channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
          // Closed: the test is over.
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
