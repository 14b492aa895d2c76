package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.door.Watch;
import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.gateway.wire.Settings.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A watched request")
@Timeout(60)
class WatchTest {
  private static final String OK =
      "HTTP/1.1 201 Created\r\nX-Site: 1\r\nContent-Length: 2\r\n\r\nok";
  private static final String[] PUT = {"PUT /v1/a/c HTTP/1.1", "Host: a", "Content-Length: 0"};

  /** Writes down what it is told, and lets go of what it holds when it is told to. */
  private static final class Notes implements Watch {
    final List<String> said = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> intended = new CompletableFuture<>();
    final CompletableFuture<UnaryOperator<Answer>> followed = new CompletableFuture<>();

    /** Holds nothing. */
    static Notes quick() {
      Notes notes = new Notes();
      notes.intended.complete(null);
      notes.followed.complete(answer -> answer);
      return notes;
    }

    @Override
    public CompletionStage<Void> intend() {
      said.add("intend");
      return intended;
    }

    @Override
    public CompletionStage<Answer> answered(Answer answer) {
      said.add("answered " + answer.status());
      return followed.thenApply(change -> change.apply(answer));
    }

    @Override
    public void lost() {
      said.add("lost");
    }
  }

  private static Stage of(ScriptedSite site, Notes notes) throws IOException {
    return Stage.of(site, head -> new Ruling.Watched(head, notes));
  }

  private static ScriptedSite mute(ScriptedSite[] self) throws IOException {
    self[0] =
        new ScriptedSite(client -> {
          self[0].head(client);
          self[0].bodies().add(client.rest());
        });
    return self[0];
  }

  @Test
  @DisplayName("reaches the site when the intention is written, and not before")
  void intention() throws Exception {
    Notes notes = new Notes();
    notes.followed.complete(answer -> answer);
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      RawSocket client = stage.client();
      client.send("PUT /v1/a/c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      await().until(() -> notes.said.contains("intend"));
      await().during(Duration.ofMillis(200)).until(() -> site.connections() == 0);
      Thread.ofVirtual().start(() -> notes.intended.complete(null));
      assertThat(client.answer("PUT").body()).isEqualTo("ok");
      assertThat(site.bodies()).containsExactly("hello");
      assertThat(notes.said).containsExactly("intend", "answered 201");
    }
  }

  @Test
  @DisplayName("whose intention cannot be written is 503, and the site sees nothing of it")
  void notWritten() throws Exception {
    Notes notes = new Notes();
    notes.intended.completeExceptionally(new IOException("disk full"));
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      Got got = stage.ask(PUT);
      assertThat(got.status()).isEqualTo(503);
      assertThat(got.body()).doesNotContain("disk");
      assertThat(site.connections()).isZero();
      assertThat(notes.said).containsExactly("intend");
    }
  }

  @Test
  @DisplayName("whose intention is not written in time is 503, and lost if it is written after all")
  void writtenLate() throws Exception {
    Notes notes = new Notes();
    Patience p = Stage.LONG;
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage =
            new Stage(
                Gateway.start(
                    Stage.settings(site.address())
                        .with(
                            new Patience(
                                p.connect(),
                                Stage.SHORT,
                                p.head(),
                                p.idle(),
                                p.stall(),
                                p.answer(),
                                p.kept(),
                                p.proceed(),
                                p.linger())),
                    head -> new Ruling.Watched(head, notes)))) {
      assertThat(stage.ask(PUT).status()).isEqualTo(503);
      assertThat(notes.said).containsExactly("intend");
      notes.intended.complete(null);
      await().until(() -> notes.said.contains("lost"));
      assertThat(site.connections()).isZero();
    }
  }

  @Test
  @DisplayName("is answered when the watch says so, with what it says")
  void answerWaits() throws Exception {
    Notes notes = new Notes();
    notes.intended.complete(null);
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      RawSocket client = stage.client().lines(PUT);
      await().until(() -> notes.said.contains("answered 201"));
      await().during(Duration.ofMillis(200)).until(() -> client.in().available() == 0);
      notes.followed.complete(answer -> {
        List<Field> more = new ArrayList<>(answer.fields());
        more.addFirst(new Field("X-Cotidal-Sync", "pending"));
        return new Answer(202, more);
      });
      Got got = client.answer("PUT");
      assertThat(got.head())
          .startsWith("HTTP/1.1 202 Accepted\r\nX-Cotidal-Sync: pending\r\nX-Site: 1\r\n");
      assertThat(got.body()).isEqualTo("ok");
      client.lines(PUT);
      assertThat(client.answer("PUT").status()).isEqualTo(202);
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("whose body is large and whose site has gone meanwhile is still told whole")
  void bodyWaits() throws Exception {
    Notes notes = new Notes();
    notes.intended.complete(null);
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send(
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 60000\r\n\r\n"
                      + "x".repeat(60_000));
            });
        Stage stage = of(site, notes)) {
      self[0] = site;
      RawSocket client = stage.client().lines(PUT);
      await().until(() -> notes.said.contains("answered 200") && site.open() == 0);
      notes.followed.complete(answer -> answer);
      assertThat(client.answer("PUT").body()).hasSize(60_000);
      assertThat(notes.said).containsExactly("intend", "answered 200");
    }
  }

  @Test
  @DisplayName("whose watch fails is told what the site has said")
  void failingWatch() throws Exception {
    Notes notes = new Notes();
    notes.intended.complete(null);
    notes.followed.completeExceptionally(new IllegalStateException("broken"));
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      assertThat(stage.ask(PUT).status()).isEqualTo(201);
    }
  }

  @Test
  @DisplayName("without a body can become one that has no content, and the other way round")
  void emptyAnswers() throws Exception {
    Notes notes = new Notes();
    notes.intended.complete(null);
    notes.followed.complete(answer -> new Answer(503, answer.fields()));
    try (ScriptedSite site = ScriptedSite.answering("HTTP/1.1 204 No Content\r\n\r\n");
        Stage stage = of(site, notes)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        client.lines("DELETE /v1/a/c HTTP/1.1", "Host: a");
        Got got = client.answer("DELETE");
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.field("Content-Length")).isEqualTo("0");
      }
    }
  }

  @Test
  @DisplayName("is lost if the site breaks off, also on a kept connection: it is not sent again")
  void brokenOff() throws Exception {
    Notes notes = Notes.quick();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].answer(client, OK, 1);
              self[0].head(client);
            });
        Stage stage = of(site, notes)) {
      self[0] = site;
      RawSocket client = stage.client().lines(PUT);
      assertThat(client.answer("PUT").status()).isEqualTo(201);
      client.lines("GET /v1/a/c HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(502);
      assertThat(notes.said).containsExactly("intend", "answered 201", "intend", "lost");
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("is lost if the site cannot be reached")
  void unreachable() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    Notes notes = Notes.quick();
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (Stage stage =
        new Stage(Gateway.start(Stage.settings(nobody), head -> new Ruling.Watched(head, notes)))) {
      assertThat(stage.ask(PUT).status()).isEqualTo(503);
      assertThat(notes.said).containsExactly("intend", "lost");
    }
  }

  @Test
  @DisplayName("is lost if the site says nothing in time, or nonsense")
  void silent() throws Exception {
    Notes notes = Notes.quick();
    Patience p = Stage.LONG;
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site = mute(self);
        Stage stage =
            new Stage(
                Gateway.start(
                    Stage.settings(site.address())
                        .with(
                            new Patience(
                                p.connect(),
                                p.queue(),
                                p.head(),
                                p.idle(),
                                p.stall(),
                                Stage.SHORT,
                                p.kept(),
                                p.proceed(),
                                p.linger())),
                    head -> new Ruling.Watched(head, notes)))) {
      assertThat(stage.ask(PUT).status()).isEqualTo(504);
      assertThat(notes.said).containsExactly("intend", "lost");
    }
    Notes other = Notes.quick();
    try (ScriptedSite site = ScriptedSite.answering("nonsense\r\n\r\n");
        Stage stage = of(site, other)) {
      assertThat(stage.ask(PUT).status()).isEqualTo(502);
      assertThat(other.said).containsExactly("intend", "lost");
    }
  }

  @Test
  @DisplayName(
      "is lost if the client goes before the answer: with its body unfinished, or in a reset")
  void clientGone() throws Exception {
    for (boolean unfinished : new boolean[] {true, false}) {
      Notes notes = Notes.quick();
      ScriptedSite[] self = new ScriptedSite[1];
      try (ScriptedSite site = mute(self);
          Stage stage = of(site, notes)) {
        RawSocket client = stage.client();
        client.lines("PUT /v1/a/c HTTP/1.1", "Host: a", "Content-Length: " + (unfinished ? 9 : 0));
        await().until(() -> site.heads().size() == 1);
        client.reset();
        await().until(() -> notes.said.contains("lost"));
        assertThat(notes.said).containsExactly("intend", "lost");
        await().until(() -> site.bodies().size() + site.failures().size() == 1);
      }
    }
  }

  @Test
  @DisplayName("whose client goes while the intention is written is lost, and not sent")
  void clientGoneEarly() throws Exception {
    Notes notes = new Notes();
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      RawSocket client = stage.client().lines(PUT);
      await().until(() -> notes.said.contains("intend"));
      client.reset();
      await().until(() -> stage.gateway().counters().clients() == 0);
      assertThat(notes.said).containsExactly("intend");
      notes.intended.complete(null);
      await().until(() -> notes.said.contains("lost"));
      assertThat(site.connections()).isZero();
    }
  }

  @Test
  @DisplayName("whose client goes after the site's answer is not lost")
  void clientGoneLate() throws Exception {
    Notes notes = new Notes();
    notes.intended.complete(null);
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = of(site, notes)) {
      RawSocket client = stage.client().lines(PUT);
      await().until(() -> notes.said.contains("answered 201"));
      client.reset();
      await().until(() -> stage.gateway().counters().clients() == 0);
      notes.followed.complete(answer -> answer);
      assertThat(notes.said).containsExactly("intend", "answered 201");
    }
  }

  @Test
  @DisplayName("whose answer's body is cut has been answered, and the client sees the cut")
  void cutBody() throws Exception {
    Notes notes = Notes.quick();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nhello");
            });
        Stage stage = of(site, notes)) {
      self[0] = site;
      RawSocket client = stage.client().lines(PUT);
      assertThatThrownBy(() -> client.answer("PUT")).isInstanceOf(IOException.class);
      assertThat(notes.said).containsExactly("intend", "answered 201");
    }
  }

  @Test
  @DisplayName("is lost if the gateway is closed over it")
  void closed() throws Exception {
    Notes notes = Notes.quick();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site = mute(self);
        Stage stage = of(site, notes)) {
      stage.client().lines(PUT);
      await().until(() -> site.heads().size() == 1);
      stage.gateway().close();
      assertThat(notes.said).containsExactly("intend", "lost");
    }
  }
}
