package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Peer;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.gateway.wire.Settings.Patience;
import io.cotidal.lab.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What other sites are asked for")
@Timeout(60)
class DetourTest {
  private static final String MISSING =
      "HTTP/1.1 404 Not Found\r\nX-Own: 1\r\nContent-Length: 7\r\n\r\nnothing";
  private static final String FOUND =
      "HTTP/1.1 200 OK\r\nX-There: 1\r\nContent-Length: 5\r\n\r\nthere";
  private static final String[] GET = {"GET /v1/a/c/o HTTP/1.1", "Host: gate"};

  /** Asks the sites in turn after whatever is no 200, and takes what is one. */
  private static final class InTurn implements Elsewhere {
    final Deque<String> left;
    final List<String> heard;

    InTurn(List<String> heard, String... sites) {
      this.left = new ArrayDeque<>(Arrays.asList(sites));
      this.heard = heard;
    }

    @Override
    public boolean wanted(Optional<Answer> own) {
      heard.add("own " + own.map(Answer::status).orElse(0));
      return own.map(answer -> answer.status() >= 400).orElse(true);
    }

    @Override
    public CompletionStage<Next> next(Optional<Answer> last) {
      heard.add("last " + last.map(Answer::status).orElse(0));
      CompletableFuture<Next> next = new CompletableFuture<>();
      Next said =
          left.isEmpty()
              ? new Next.Keep()
              : new Next.Ask(
                  left.remove(),
                  new Head("GET", "/v1/a/c/o?b=1", List.of(new Field("X-Ours", "1"))));
      Thread.ofVirtual().start(() -> next.complete(said));
      return next;
    }

    @Override
    public boolean takes(Answer answer) {
      return answer.status() == 200;
    }
  }

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private Stage stage(InetSocketAddress own, ScriptedSite... others) throws IOException {
    List<Peer> peers = new ArrayList<>();
    for (ScriptedSite other : others) {
      String url = "http://127.0.0.1:" + other.address().getPort() + "/v1";
      peers.add(new Peer("s" + peers.size(), url, Optional.empty()));
    }
    return stage(own, peers);
  }

  private Stage stage(InetSocketAddress own, List<Peer> peers) throws IOException {
    String[] names = peers.stream().map(Peer::name).toArray(String[]::new);
    return new Stage(
        Gateway.start(
            Stage.settings(own).with(peers),
            head -> new Ruling.Read(head, new InTurn(heard, names))));
  }

  @Test
  @DisplayName("is theirs if they have it; the own site's answer is dropped, its connection is not")
  void found() throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = ScriptedSite.answering(FOUND);
        Stage stage = stage(own.address(), other)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 3; i++) {
        Got got = client.lines(GET).answer("GET");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("there");
        assertThat(got.field("X-Cotidal-Site")).isEqualTo("s0");
        assertThat(got.field("X-There")).isEqualTo("1");
        assertThat(got.field("X-Own")).isEmpty();
        assertThat(got.field("Via")).isNotEmpty();
      }
      assertThat(own.connections()).isEqualTo(1);
      assertThat(other.connections()).isEqualTo(1);
      assertThat(other.heads().getFirst())
          .startsWith("GET /v1/a/c/o?b=1 HTTP/1.1\r\n")
          .contains("Host: 127.0.0.1:" + other.address().getPort() + "\r\n", "X-Ours: 1\r\n")
          .doesNotContain("gate");
      assertThat(stage.gateway().counters().elsewhere()).isEqualTo(3);
      assertThat(stage.gateway().counters().siteFailures()).isZero();
    }
  }

  @Test
  @DisplayName("is asked of one after the other, and the own site's answer stands if nobody has it")
  void nobody() throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite refusing =
            ScriptedSite.answering("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
        ScriptedSite empty = ScriptedSite.answering(MISSING);
        Stage stage = stage(own.address(), refusing, empty)) {
      Got got = stage.ask(GET);
      assertThat(got.status()).isEqualTo(404);
      assertThat(got.body()).isEqualTo("nothing");
      assertThat(got.field("X-Own")).isEqualTo("1");
      assertThat(got.field("X-Cotidal-Site")).isEmpty();
      assertThat(heard).containsExactly("own 404", "last 0", "last 403", "last 404");
      assertThat(stage.gateway().counters().elsewhere()).isZero();
    }
  }

  @Test
  @DisplayName("is not asked for if the own site has it")
  void own() throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(FOUND);
        ScriptedSite other = ScriptedSite.answering(FOUND);
        Stage stage = stage(own.address(), other)) {
      assertThat(stage.ask(GET).field("X-Cotidal-Site")).isEmpty();
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  @DisplayName("is the next one's if one dies before its head, speaks nonsense or has no end")
  void dead() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite dying = new ScriptedSite(client -> self[0].head(client));
        ScriptedSite mad = ScriptedSite.answering("hello\r\n\r\n");
        ScriptedSite endless = ScriptedSite.answering("HTTP/1.0 200 OK\r\n\r\nhel");
        ScriptedSite good = ScriptedSite.answering(FOUND);
        Stage stage = stage(own.address(), dying, mad, endless, good)) {
      self[0] = dying;
      Got got = stage.ask(GET);
      assertThat(got.field("X-Cotidal-Site")).isEqualTo("s3");
      assertThat(got.body()).isEqualTo("there");
      assertThat(heard).containsExactly("own 404", "last 0", "last 0", "last 0", "last 200");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
      })
  @DisplayName("never ends cleanly if it is cut in the middle")
  void cut(String answer) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 200 OK\r\n" + answer);
              await().until(() -> self[0].bodies().contains("seen"));
            });
        Stage stage = stage(own.address(), other)) {
      self[0] = other;
      RawSocket client = stage.client().lines(GET);
      assertThat(client.head()).startsWith("HTTP/1.1 200 OK").contains("X-Cotidal-Site: s0");
      client.read(answer.contains("chunked") ? 10 : 5);
      other.bodies().add("seen");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("comes no faster than its reader takes it, and ends when the reader goes")
  void pressure() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    long[] sent = new long[1];
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
              for (byte[] block = new byte[65_536]; ; sent[0] += block.length) {
                client.send(block);
              }
            });
        Stage stage = stage(own.address(), other)) {
      self[0] = other;
      RawSocket client = stage.kept(RawSocket.narrow(stage.gateway().port(), 4_096)).lines(GET);
      client.head();
      client.read(100_000);
      long[] before = {-1};
      // The sender stands still once all buffers on the way are full.
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> {
            boolean still = sent[0] == before[0];
            before[0] = sent[0];
            return still;
          });
      assertThat(sent[0]).isLessThan(64L << 20);
      client.close();
      await().until(() -> other.failures().size() == 1);
      await().until(() -> other.open() == 0);
    }
  }

  @Test
  @DisplayName(
      "is asked for if the own site cannot be reached, and its silence stands if nobody has")
  void unreachable() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
    try (ScriptedSite other = ScriptedSite.answering(FOUND);
        Stage stage = stage(nobody, other)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        Got got = client.lines(GET).answer("GET");
        assertThat(got.body()).isEqualTo("there");
        assertThat(got.field("X-Cotidal-Site")).isEqualTo("s0");
      }
      assertThat(stage.gateway().counters().siteFailures()).isEqualTo(2);
    }
    try (ScriptedSite empty = ScriptedSite.answering(MISSING);
        Stage stage = stage(nobody, empty)) {
      Got got = stage.ask(GET);
      assertThat(got.status()).isEqualTo(503);
      assertThat(got.field("X-Cotidal-Site")).isEmpty();
      assertThat(got.body()).contains("cannot be reached");
    }
  }

  /** A site that takes requests and answers none. */
  private static ScriptedSite hung() throws IOException {
    return new ScriptedSite(client -> {
      client.head();
      String _ = client.rest();
    });
  }

  @Test
  @DisplayName(
      "is asked for soon if the own site takes requests and answers none, however many come")
  void hangs() throws Exception {
    int many = 30;
    try (ScriptedSite own = hung();
        ScriptedSite other = ScriptedSite.answering(FOUND);
        Stage stage =
            new Stage(
                Gateway.start(
                    Stage.settings(own.address())
                        .with(
                            List.of(
                                new Peer(
                                    "s0",
                                    "http://127.0.0.1:" + other.address().getPort() + "/v1",
                                    Optional.empty())))
                        .with(impatient()),
                    head -> new Ruling.Read(head, new InTurn(heard, "s0"))))) {
      assertThat(stage.ask(GET).body()).isEqualTo("there");
      List<RawSocket> clients = new ArrayList<>();
      for (int i = 1; i < many; i++) {
        clients.add(stage.client().lines(GET));
      }
      for (RawSocket client : clients) {
        Got got = client.answer("GET");
        assertThat(got.body()).isEqualTo("there");
        assertThat(got.field("X-Cotidal-Site")).isEqualTo("s0");
        // No more than Stage.LIMITS lets.
        assertThat(own.open()).isLessThanOrEqualTo(17);
      }
      await().until(() -> own.open() == 0);
      assertThat(stage.gateway().counters().elsewhere()).isEqualTo(many);
    }
  }

  /** Who reads waits for an answer, and for a connection, no longer than a moment. */
  private static Patience impatient() {
    Patience p = Stage.LONG;
    return new Patience(
            p.connect(),
            Duration.ofSeconds(1),
            p.head(),
            p.idle(),
            p.stall(),
            p.answer(),
            p.kept(),
            p.proceed(),
            p.linger())
        .reading(Duration.ofMillis(1_500));
  }

  @Test
  @DisplayName("is asked for if the own site dies without an answer, and not if it dies in one")
  void died() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite own =
            new ScriptedSite(
                client -> self[0].head(client),
                client -> {
                  self[0].head(client);
                  client.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                  await().until(() -> self[0].bodies().contains("seen"));
                });
        ScriptedSite other = ScriptedSite.answering(FOUND);
        Stage stage = stage(own.address(), other)) {
      self[0] = own;
      assertThat(stage.ask(GET).body()).isEqualTo("there");
      RawSocket client = stage.client().lines(GET);
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(client.read(4)).isEqualTo("half");
      own.bodies().add("seen");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
      assertThat(other.heads()).hasSize(1);
    }
  }

  /** A body of pieces, each asked of a site by its path. */
  private static final class Pieces implements Elsewhere {
    private static final String SITE = "s0";
    private final long bytes;
    private final Deque<String> left;
    private boolean begun;

    Pieces(long bytes, String... paths) {
      this.bytes = bytes;
      this.left = new ArrayDeque<>(Arrays.asList(paths));
    }

    @Override
    public boolean wanted(Optional<Answer> own) {
      return own.map(answer -> answer.status() == 404).orElse(false);
    }

    @Override
    public CompletionStage<Next> next(Optional<Answer> last) {
      CompletableFuture<Next> next = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> next.complete(next()));
      return next;
    }

    private Next next() {
      if (left.isEmpty()) {
        return new Next.Keep();
      }
      Next.Ask ask = new Next.Ask(SITE, new Head("GET", left.remove(), List.of()));
      if (begun) {
        return ask;
      }
      begun = true;
      return new Next.Join(new Answer(200, List.of(new Field("X-Joined", "1"))), bytes, ask);
    }

    @Override
    public boolean takes(Answer answer) {
      return answer.status() == 200;
    }
  }

  private Stage joining(ScriptedSite own, ScriptedSite other, long bytes, String... paths)
      throws IOException {
    String url = "http://127.0.0.1:" + other.address().getPort() + "/v1";
    return new Stage(
        Gateway.start(
            Stage.settings(own.address()).with(List.of(new Peer("s0", url, Optional.empty()))),
            head -> new Ruling.Read(head, new Pieces(bytes, paths))));
  }

  /** Answers with as many letters as the path says, until it is to do something else. */
  private static ScriptedSite letters(String bad, ScriptedSite.Play otherwise) throws IOException {
    ScriptedSite[] self = new ScriptedSite[1];
    self[0] =
        new ScriptedSite(client -> {
          for (String head = self[0].request(client);
              !head.isEmpty();
              head = self[0].request(client)) {
            int length = Integer.parseInt(head.split(" ")[1].substring("/v1/".length()));
            if (!bad.isEmpty() && head.contains("/v1/" + bad + " ")) {
              otherwise.play(client);
              return;
            }
            String text = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
            client.send(text + "x".repeat(length));
          }
        });
    return self[0];
  }

  @Test
  @DisplayName("is put together from several answers, over one connection, one after the other")
  void joined() throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = letters("", _ -> {});
        Stage stage = joining(own, other, 700_011, "/v1/5", "/v1/700000", "/v1/6")) {
      RawSocket client = stage.client();
      for (int i = 0; i < 3; i++) {
        Got got = client.lines(GET).answer("GET");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("Content-Length")).isEqualTo("700011");
        assertThat(got.field("X-Joined")).isEqualTo("1");
        assertThat(got.field("X-Cotidal-Site")).isEqualTo("s0");
        assertThat(got.body()).isEqualTo("x".repeat(700_011));
      }
      assertThat(other.connections()).isEqualTo(1);
      assertThat(own.connections()).isEqualTo(1);
      assertThat(stage.gateway().counters().elsewhere()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxxxxxxxxx",
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nxxx",
        "nonsense\r\n\r\n",
        ""
      })
  @DisplayName("never ends cleanly if one of several answers is not what it is to be")
  void piece(String answer) throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = letters("8", client -> client.send(answer));
        Stage stage = joining(own, other, 13, "/v1/5", "/v1/8")) {
      RawSocket client = stage.client().lines(GET);
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(client.read(5)).isEqualTo("xxxxx");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("never ends cleanly if the answers together are shorter than was told")
  void shorter() throws Exception {
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = letters("", _ -> {});
        Stage stage = joining(own, other, 13, "/v1/5")) {
      RawSocket client = stage.client().lines(GET);
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("is not told before the first of several answers is what it is to be")
  void first() throws Exception {
    String refusal = "HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = letters("8", client -> client.send(refusal));
        Stage stage = joining(own, other, 8, "/v1/8")) {
      assertThat(stage.ask(GET).status()).isEqualTo(404);
      assertThat(stage.gateway().counters().elsewhere()).isZero();
    }
  }

  @Test
  @DisplayName("is what the doorkeeper makes of it, if it says so")
  void said() throws Exception {
    String text = "ä".repeat(300_000);
    Elsewhere says =
        new Elsewhere() {
          @Override
          public boolean wanted(Optional<Answer> own) {
            return true;
          }

          @Override
          public CompletionStage<Next> next(Optional<Answer> last) {
            return CompletableFuture.completedFuture(
                new Next.Say(
                    new Answer(
                        200, List.of(new Field("X-Made", "1"), new Field("Content-Length", "7"))),
                    text));
          }

          @Override
          public boolean takes(Answer answer) {
            return false;
          }
        };
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        Stage stage =
            new Stage(
                Gateway.start(
                    Stage.settings(own.address()), head -> new Ruling.Read(head, says)))) {
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        Got got = client.lines(GET).answer("GET");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("Content-Length")).isEqualTo("600000");
        assertThat(got.field("X-Made")).isEqualTo("1");
        assertThat(got.body()).hasSize(600_000);
      }
      assertThat(own.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("is the own site's answer if what asks elsewhere fails")
  void broken() throws Exception {
    Elsewhere broken =
        new Elsewhere() {
          @Override
          public boolean wanted(Optional<Answer> own) {
            return true;
          }

          @Override
          public CompletionStage<Next> next(Optional<Answer> last) {
            return CompletableFuture.failedFuture(new IOException("no"));
          }

          @Override
          public boolean takes(Answer answer) {
            throw new IllegalStateException("never asked");
          }
        };
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        Stage stage =
            new Stage(
                Gateway.start(
                    Stage.settings(own.address()), head -> new Ruling.Read(head, broken)))) {
      assertThat(stage.ask(GET).body()).isEqualTo("nothing");
    }
  }

  @Test
  @DisplayName("is asked for over TLS, of whom the certificate names, and whole or not at all")
  void tls(@TempDir Path folder) throws Exception {
    ServerCertificate certificate = ServerCertificate.make(folder);
    String body = "x".repeat(400_000);
    ScriptedSite[] self = new ScriptedSite[1];
    ScriptedSite.Play good =
        client ->
            self[0].answer(client, "HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + body, 2);
    ScriptedSite.Play cut =
        client ->
            self[0].answer(client, "HTTP/1.1 200 OK\r\nContent-Length: 400001\r\n\r\n" + body, 1);
    try (ScriptedSite own = ScriptedSite.answering(MISSING);
        ScriptedSite other = new ScriptedSite(certificate.sockets(), good, cut)) {
      self[0] = other;
      int port = other.address().getPort();
      Peer trusted =
          new Peer("s0", "https://127.0.0.1:" + port + "/v1", Optional.of(certificate.pem()));
      try (Stage stage = stage(own.address(), List.of(trusted))) {
        RawSocket client = stage.client();
        for (int i = 0; i < 2; i++) {
          assertThat(client.lines(GET).answer("GET").body()).isEqualTo(body);
        }
        assertThat(other.connections()).isEqualTo(1);
        client.lines(GET);
        assertThat(client.head()).startsWith("HTTP/1.1 200");
        assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
      }
      Peer misnamed =
          new Peer("s0", "https://localhost:" + port + "/v1", Optional.of(certificate.pem()));
      Peer strange = new Peer("s0", "https://127.0.0.1:" + port + "/v1", Optional.empty());
      for (Peer peer : List.of(misnamed, strange)) {
        try (Stage stage = stage(own.address(), List.of(peer))) {
          assertThat(stage.ask(GET).status()).isEqualTo(404);
        }
      }
      assertThat(other.heads()).hasSize(3);
    }
  }

  @Test
  @DisplayName("goes over no network in plain that is not private")
  void plain() {
    Peer open = new Peer("far", "http://192.0.2.1/v1", Optional.empty());
    assertThatThrownBy(() ->
            Gateway.start(
                Stage.settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))
                    .with(List.of(open)),
                Stage.OPEN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("use https");
  }
}
