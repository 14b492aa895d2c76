package io.cotidal.remote.http.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("kept connections")
@Timeout(60)
class ConnectionsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final int MOST = 1 << 20;

  private static Connections to(Peer peer) {
    return to(peer, Limits.USUAL);
  }

  private static Connections to(Peer peer, Limits limits) {
    return new Connections(
        HttpAddress.parse("http://127.0.0.1:" + peer.port()), Guard.STRICT, limits);
  }

  private static Limits limits(int connections, Duration stall) {
    return new Limits(connections, Duration.ofSeconds(20), Duration.ofSeconds(5), stall);
  }

  private static Request get(String target) {
    return Request.of("GET", target, Headers.NONE);
  }

  private static Request put(Body body) {
    return Request.of("PUT", "/x", Headers.NONE).with(body);
  }

  private static String ask(Connections line, Request request) throws Exception {
    try (Answer answer = line.call(request, Deadline.in(LONG))) {
      return answer.status() + " " + new String(answer.bytes(MOST), StandardCharsets.ISO_8859_1);
    }
  }

  private static void assertFails(Why why, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CallFailed.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  private static void assertBreaks(Why why, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BodyBroken.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  /** So many bytes that count up. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  @Test
  @DisplayName("serve one call after the other over one connection, targets and headers unchanged")
  void keeps() throws Exception {
    AtomicReference<String> heard = new AtomicReference<>("");
    try (Peer peer =
            new Peer(talk -> {
              for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                heard.set(head);
                talk.say("HTTP/1.1 200 OK\r\nx-A: 1\r\nX-a: \u00c3\u00a4\r\n");
                talk.say("Content-Length: 2\r\n\r\nok");
              }
            });
        Connections line = to(peer)) {
      Headers headers = Headers.of(Header.text("X-b", "ä"), new Header("x-B", ""));
      String odd = "/v1/../a//b;p=1/%2F%25?q=%20&marker=";
      for (int i = 0; i < 3; i++) {
        try (Answer answer = line.call(Request.of("GET", odd, headers), Deadline.in(LONG))) {
          assertThat(answer.headers().all("X-A")).containsExactly("1", "\u00c3\u00a4");
          assertThat(answer.headers().list().getFirst().name()).isEqualTo("x-A");
          assertThat(answer.headers().list().get(1).text()).isEqualTo("ä");
          assertThat(answer.bytes(10)).asString().isEqualTo("ok");
        }
      }
      assertThat(peer.connections()).isEqualTo(1);
      assertThat(line.idle()).isEqualTo(1);
      assertThat(line.busy()).isZero();
      assertThat(heard.get())
          .isEqualTo(
              "GET "
                  + odd
                  + " HTTP/1.1\r\nHost: 127.0.0.1:"
                  + peer.port()
                  + "\r\nX-b: \u00c3\u00a4\r\nx-B: \r\n\r\n");
    }
  }

  @Test
  @DisplayName("read chunks, skip what follows them, and go on")
  void chunks() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                talk.say("3;x=y\r\nabc\r\n00a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
              }
            });
        Connections line = to(peer)) {
      assertThat(ask(line, get("/"))).isEqualTo("200 abc0123456789");
      assertThat(ask(line, get("/"))).isEqualTo("200 abc0123456789");
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Name: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"
      })
  @DisplayName("refuse an answer that is garbage, or could be read in two ways")
  void garbage(String said) throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say(said);
              talk.hold();
            });
        Connections line = to(peer)) {
      assertFails(Why.NO_HTTP, () -> ask(line, get("/")));
      assertThat(line.busy()).isZero();
      assertThat(line.idle()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 10\r\n\r\nshort",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nsho",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"
      })
  @DisplayName("never take a part of a body for the whole, whether it ends or is reset")
  void cut(String said) throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say("HTTP/1.1 200 OK\r\n" + said);
              if (talk.number() == 1) {
                talk.reset();
              }
            });
        Connections line = to(peer)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> ask(line, get("/")))
            .hasMessageContaining("the connection ")
            .satisfiesAnyOf(
                e -> assertThat(e).isInstanceOf(BodyBroken.class),
                e -> assertThat(e).isInstanceOf(CallFailed.class));
        assertThat(line.busy()).isZero();
      }
    }
  }

  @Test
  @DisplayName("end at the deadline however slowly an answer drips, head or body")
  void drips() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              String said =
                  talk.number() == 0
                      ? "HTTP/1.1 200 O"
                      : "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
              talk.say(said);
              Deadline until = Deadline.in(LONG);
              while (!until.over()) {
                talk.say("x");
                until.pause(Duration.ofMillis(20));
              }
            });
        Connections line = to(peer)) {
      assertFails(Why.LATE, () -> line.call(get("/"), Deadline.in(SHORT)));
      try (Answer answer = line.call(get("/"), Deadline.in(Duration.ofSeconds(3)))) {
        assertBreaks(Why.LATE, () -> answer.bytes(MOST));
      }
      assertThat(line.busy()).isZero();
    }
  }

  @Test
  @DisplayName("give up what stands still long before the deadline, sending or waiting")
  void stalls() throws Exception {
    try (Peer peer = new Peer(Peer.Talk::hold);
        Connections line = to(peer, limits(4, SHORT))) {
      assertFails(Why.LATE, () -> ask(line, get("/")));
      assertFails(Why.LATE, () -> ask(line, put(Body.of(bytes(64 << 20)))));
      assertFails(Why.LATE, () -> ask(line, put(Body.of(bytes(100_000)))));
      assertThat(line.busy()).isZero();
    }
  }

  @Test
  @DisplayName("bring a body with its length or in chunks, whole")
  void brings() throws Exception {
    byte[] all = bytes(300_000);
    AtomicReference<byte[]> got = new AtomicReference<>(new byte[0]);
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).contains("\r\nContent-Length: 300000\r\n\r\n");
              got.set(talk.take(all.length));
              talk.say(OK);
              assertThat(talk.head()).contains("\r\nTransfer-Encoding: chunked\r\n\r\n");
              assertThat(talk.head()).isEqualTo("5\r\nshort\r\n0\r\n\r\n");
              talk.say(OK);
              assertThat(talk.head()).contains("\r\nContent-Length: 0\r\n\r\n");
              talk.say(OK);
            });
        Connections line = to(peer)) {
      assertThat(ask(line, put(Body.of(all.length, new ByteArrayInputStream(all)))))
          .isEqualTo("200 ok");
      assertThat(got.get()).isEqualTo(all);
      assertThat(
              ask(
                  line,
                  put(
                      Body.chunked(
                          new ByteArrayInputStream("short".getBytes(StandardCharsets.US_ASCII))))))
          .isEqualTo("200 ok");
      assertThat(ask(line, Request.of("PUT", "/", Headers.NONE))).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(1);
      assertThat(peer.troubles()).isEmpty();
    }
  }

  @Test
  @DisplayName("send nothing of a body that is refused at once, and all of one that is wanted")
  void expects() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).contains("\r\nExpect: 100-continue\r\n\r\n");
              if (talk.number() == 0) {
                talk.say("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
                assertThat(talk.take(1)).isEmpty();
              } else {
                talk.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n");
                assertThat(talk.take(4)).asString().isEqualTo("body");
                talk.say("HTTP/1.1 100 Continue\r\n\r\n" + OK);
                assertThat(talk.head()).isNotEmpty();
                talk.say(OK);
              }
            });
        Connections line = to(peer)) {
      AtomicBoolean opened = new AtomicBoolean();
      Request request =
          put(noted(opened, "body".getBytes(StandardCharsets.US_ASCII))).expecting(LONG);
      try (Answer answer = line.call(request, Deadline.in(LONG))) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.early()).isTrue();
        assertThat(answer.bytes(MOST)).asString().isEqualTo("no");
      }
      assertThat(opened).isFalse();
      try (Answer answer = line.call(request, Deadline.in(LONG))) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.early()).isFalse();
      }
      assertThat(opened).isTrue();
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(2);
      assertThat(peer.troubles()).isEmpty();
    }
  }

  private static Body noted(AtomicBoolean opened, byte[] bytes) {
    return new Body() {
      @Override
      public java.util.OptionalLong length() {
        return java.util.OptionalLong.of(bytes.length);
      }

      @Override
      public InputStream open() {
        opened.set(true);
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  @Test
  @DisplayName("send the body when nobody says whether it is wanted")
  void expectsInVain() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).contains("Expect");
              assertThat(talk.take(4)).asString().isEqualTo("body");
              talk.say(OK);
            });
        Connections line = to(peer)) {
      Body body = Body.of("body".getBytes(StandardCharsets.US_ASCII));
      assertThat(ask(line, put(body).expecting(SHORT))).isEqualTo("200 ok");
    }
  }

  @Test
  @DisplayName("take an answer that comes while nobody reads the body any more")
  void early() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say("HTTP/1.1 413 Too large\r\nContent-Length: 2\r\n\r\nno");
              talk.hold();
            });
        Connections line = to(peer)) {
      Body endless =
          Body.chunked(
              new InputStream() {
                @Override
                public int read() {
                  return 'x';
                }
              });
      try (Answer answer = line.call(put(endless), Deadline.in(LONG))) {
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.early()).isTrue();
        assertThat(answer.bytes(MOST)).asString().isEqualTo("no");
      }
      assertThat(line.idle()).isZero();
      assertThat(line.busy()).isZero();
    }
  }

  @Test
  @DisplayName("tell a body that waits for its own source that it is enough")
  void enough() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say("HTTP/1.1 507 Full\r\nContent-Length: 0\r\n\r\n");
              talk.hold();
            });
        Connections line = to(peer)) {
      Waiting waiting = new Waiting();
      try (Answer answer = line.call(put(waiting), Deadline.in(LONG))) {
        assertThat(answer.status()).isEqualTo(507);
        assertThat(answer.early()).isTrue();
      }
    }
  }

  /** A source that gives nothing until it is told that it is enough. */
  private static final class Waiting extends InputStream implements Body {
    private final java.util.concurrent.CountDownLatch told =
        new java.util.concurrent.CountDownLatch(1);

    @Override
    public java.util.OptionalLong length() {
      return java.util.OptionalLong.empty();
    }

    @Override
    public InputStream open() {
      return this;
    }

    @Override
    public void enough() {
      told.countDown();
    }

    @Override
    public int read() throws IOException {
      try {
        told.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("given up");
    }

    @Override
    public int read(byte[] into, int at, int most) throws IOException {
      return read();
    }
  }

  @Test
  @DisplayName("reset the connection when a body breaks off, so that nobody takes it for whole")
  void sourceBreaks() throws Exception {
    AtomicReference<String> end = new AtomicReference<>("");
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              try {
                end.set(talk.take(10 << 20).length + " and an end");
              } catch (IOException e) {
                end.set("reset");
              }
            });
        Connections line = to(peer)) {
      for (boolean chunked : List.of(true, false)) {
        end.set("");
        InputStream breaks =
            new java.io.SequenceInputStream(
                new ByteArrayInputStream(bytes(100_000)),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the disk is gone");
                  }

                  @Override
                  public int read(byte[] into, int at, int most) throws IOException {
                    return read();
                  }
                });
        Body body = chunked ? Body.chunked(breaks) : Body.of(1 << 20, breaks);
        assertFails(Why.SOURCE, () -> ask(line, put(body)));
        await().atMost(LONG).untilAsserted(() -> assertThat(end.get()).isEqualTo("reset"));
      }
      assertFails(
          Why.SOURCE,
          () -> ask(line, put(Body.of(200_000, new ByteArrayInputStream(bytes(100_000))))));
      assertThat(line.busy()).isZero();
    }
  }

  @Test
  @DisplayName("see that a resting connection was closed, and make another one")
  void restsAndDies() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say(OK);
            });
        Connections line = to(peer)) {
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      await().atMost(LONG).until(() -> peer.ended() == 1);
      assertThat(ask(line, Request.of("POST", "/", Headers.NONE))).isEqualTo("200 ok");
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("send again what a used connection did not answer, unless that might do it twice")
  void again() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              assertThat(talk.head()).isNotEmpty();
              talk.say(OK);
              assertThat(talk.head()).isNotEmpty();
              if (talk.number() > 0) {
                talk.say("HTTP/1.1 200 ");
              }
              talk.reset();
            });
        Connections line = to(peer)) {
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(2);
      // Something of an answer came.
      assertFails(Why.BROKEN, () -> ask(line, get("/")));
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertFails(Why.BROKEN, () -> ask(line, Request.of("POST", "/", Headers.NONE)));
      assertThat(peer.connections()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("are as many as allowed; who comes later waits, and is told when it takes too long")
  void full() throws Exception {
    try (Peer peer =
            new Peer(talk -> {
              for (String head = talk.head(); !head.isEmpty(); head = talk.head()) {
                talk.say(OK);
              }
            });
        Connections line = to(peer, limits(1, LONG))) {
      try (Answer first = line.call(get("/"), Deadline.in(LONG))) {
        assertThat(first.status()).isEqualTo(200);
        assertFails(Why.FULL, () -> line.call(get("/"), Deadline.in(SHORT)));
      }
      assertThat(ask(line, get("/"))).isEqualTo("200 ok");
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("say that nobody is there")
  void nobody() throws Exception {
    // Nobody else can listen on a port that is taken and not listened on.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      HttpAddress address = HttpAddress.parse("http://127.0.0.1:" + taken.getLocalPort());
      try (Connections line = new Connections(address, Guard.STRICT, Limits.USUAL)) {
        assertFails(Why.UNREACHABLE, () -> ask(line, get("/")));
      }
    }
  }

  @Test
  @DisplayName("end a call whose thread is interrupted, and leave it interrupted")
  void interrupted() throws Exception {
    try (Peer peer = new Peer(Peer.Talk::hold);
        Connections line = to(peer)) {
      for (Request request : List.of(get("/"), put(Body.of(bytes(100_000))))) {
        AtomicReference<String> how = new AtomicReference<>("");
        Thread caller =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    line.call(request, Deadline.in(LONG)).close();
                  } catch (CallFailed e) {
                    how.set(e.why() + " " + Thread.currentThread().isInterrupted());
                  }
                });
        await().atMost(LONG).until(() -> line.busy() == 1);
        caller.interrupt();
        caller.join();
        assertThat(how.get()).isEqualTo("INTERRUPTED true");
        assertThat(line.busy()).isZero();
      }
    }
  }

  @Test
  @DisplayName("refuse what would end a line or frame a message otherwise, quoting no value")
  void refuses() {
    assertThatThrownBy(() -> new Header("X-Key", "secret\r\nEvil: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> get("/a b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Request.of("GET", "/", Headers.of(new Header("Content-Length", "1"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Headers.of(new Header("X-Auth-Token", "secret")).toString())
        .doesNotContain("secret");
  }
}
