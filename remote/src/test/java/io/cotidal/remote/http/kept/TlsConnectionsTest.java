package io.cotidal.remote.http.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kept connections over TLS")
@Timeout(60)
class TlsConnectionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static ServerCertificate certificate;

  @BeforeAll
  static void certify() throws Exception {
    certificate = ServerCertificate.make(folder);
  }

  private static Peer peer(Peer.Script script) throws IOException {
    return new Peer(
        certificate.sockets().createServerSocket(0, 16, InetAddress.getLoopbackAddress()), script);
  }

  private static Connections to(Peer peer, Optional<Path> authorities) {
    return new Connections(
        HttpAddress.parse("https://127.0.0.1:" + peer.port()),
        new Guard(false, authorities),
        new Limits(4, Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(10)));
  }

  private static Request get() {
    return Request.of("GET", "/", Headers.NONE);
  }

  private static String ask(Connections line, Request request) throws Exception {
    try (Answer answer = line.call(request, Deadline.in(LONG))) {
      return answer.status() + " " + new String(answer.bytes(99), StandardCharsets.US_ASCII);
    }
  }

  private static void assertFails(Why why, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CallFailed.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  @Test
  @DisplayName("trust an authority of our own, are kept, and see that they were closed")
  void keeps() throws Exception {
    byte[] body = new byte[300_000];
    AtomicReference<Integer> got = new AtomicReference<>(0);
    try (Peer peer =
            peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say(OK);
              assertThat(talk.head()).isNotEmpty();
              got.set(talk.take(body.length).length);
              talk.say(OK);
            });
        Connections line = to(peer, Optional.of(certificate.pem()))) {
      assertThat(ask(line, get())).isEqualTo("200 ok");
      Body counted = Body.of(body.length, new ByteArrayInputStream(body));
      assertThat(ask(line, Request.of("PUT", "/", Headers.NONE).with(counted))).isEqualTo("200 ok");
      assertThat(got.get()).isEqualTo(body.length);
      assertThat(peer.connections()).isEqualTo(1);
      assertThat(ask(line, get())).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("trust nobody else, and nobody for another name")
  void strangers() throws Exception {
    try (Peer peer = peer(Peer.Talk::head)) {
      try (Connections line = to(peer, Optional.empty())) {
        assertFails(Why.UNREACHABLE, () -> ask(line, get()));
        assertThat(line.busy()).isZero();
      }
      HttpAddress named = HttpAddress.parse("https://localhost:" + peer.port());
      Guard guard = new Guard(false, Optional.of(certificate.pem()));
      try (Connections line = new Connections(named, guard, Limits.USUAL)) {
        assertFails(Why.UNREACHABLE, () -> ask(line, get()));
      }
    }
  }

  @Test
  @DisplayName("read the authorities again when their file is another one")
  void replaced() throws Exception {
    Path file = folder.resolve("replaced.pem");
    Files.writeString(file, "");
    try (Peer peer =
            peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say(OK);
            });
        Connections line = to(peer, Optional.of(file))) {
      assertFails(Why.UNREACHABLE, () -> ask(line, get()));
      Files.copy(certificate.pem(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(ask(line, get())).isEqualTo("200 ok");
      Files.delete(file);
      assertFails(Why.UNREACHABLE, () -> ask(line, get()));
    }
  }

  @Test
  @DisplayName("give up a server that shakes no hand")
  void silent() throws Exception {
    try (Peer peer = new Peer(Peer.Talk::hold);
        Connections line = to(peer, Optional.of(certificate.pem()))) {
      long begin = System.nanoTime();
      assertFails(Why.UNREACHABLE, () -> ask(line, get()));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
      assertThat(line.busy()).isZero();
    }
  }

  @Test
  @DisplayName("take an early answer while nobody reads the body any more, and reset a broken one")
  void early() throws Exception {
    AtomicReference<String> end = new AtomicReference<>("");
    try (Peer peer =
            peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              if (talk.number() == 0) {
                talk.say("HTTP/1.1 413 Too large\r\nContent-Length: 2\r\n\r\nno");
                talk.hold();
              } else {
                try {
                  end.set(talk.take(10 << 20).length + " and an end");
                } catch (IOException e) {
                  end.set("reset");
                }
              }
            });
        Connections line = to(peer, Optional.of(certificate.pem()))) {
      Body endless =
          Body.chunked(
              new InputStream() {
                @Override
                public int read() {
                  return 'x';
                }
              });
      assertThat(ask(line, Request.of("PUT", "/", Headers.NONE).with(endless))).isEqualTo("413 no");
      Body half = Body.of(1 << 20, new ByteArrayInputStream(new byte[400_000]));
      assertFails(Why.SOURCE, () -> ask(line, Request.of("PUT", "/", Headers.NONE).with(half)));
      org.awaitility.Awaitility.await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(end.get()).isEqualTo("reset"));
      assertThat(line.busy()).isZero();
    }
  }
}
