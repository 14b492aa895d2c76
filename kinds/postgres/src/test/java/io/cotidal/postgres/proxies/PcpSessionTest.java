package io.cotidal.postgres.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.Deadline;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The control port's protocol, with an other end that says what a test wants. */
@Timeout(20)
class PcpSessionTest {
  private static final Duration SHORT = Duration.ofMillis(500);

  private ServerSocket listener;
  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private interface Other {
    void talk(DataInputStream in, DataOutputStream out) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private void answers(Other other) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = listener.accept()) {
            other.talk(
                new DataInputStream(socket.getInputStream()),
                new DataOutputStream(socket.getOutputStream()));
            socket.getInputStream().readAllBytes();
          } catch (IOException e) {
            heard.add("broken: " + e.getMessage());
          }
        });
  }

  private String read(DataInputStream in) throws IOException {
    char kind = (char) in.readUnsignedByte();
    byte[] body = in.readNBytes(in.readInt() - 4);
    String text = kind + new String(body, StandardCharsets.ISO_8859_1).replace('\0', '|');
    heard.add(text);
    return text;
  }

  private static void say(DataOutputStream out, char kind, String body) throws IOException {
    byte[] bytes = body.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    out.writeByte(kind);
    out.writeInt(bytes.length + 4);
    out.write(bytes);
  }

  private void letIn(DataInputStream in, DataOutputStream out) throws IOException {
    read(in);
    say(out, 'm', "salt");
    read(in);
    say(out, 'r', "AuthenticationOK|");
  }

  private PcpSession open() throws ProxyTrouble {
    Proxy.Console console =
        new Proxy.Console("127.0.0.1", listener.getLocalPort(), "ops", new Secret("word"));
    return PcpSession.open(console, Deadline.in(SHORT));
  }

  @Test
  @DisplayName("The password is proven and not sent")
  void proves() throws Exception {
    answers(this::letIn);
    open().close();
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("M");
    // md5(md5(md5("word") + "ops") + "salt"), by hand.
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("Rops|3336f8f7dfbc40d89f2bf436d384c9dc|");
  }

  @Test
  @DisplayName("Several answers are gathered up to the last one, and notices passed over")
  void gathers() throws Exception {
    answers((in, out) -> {
      letIn(in, out);
      read(in);
      say(out, 'i', "ArraySize|1|");
      say(out, 'N', "SNOTICE|Mnothing|");
      say(out, 'i', "NodeInfo|h|5432|2|");
      say(out, 'i', "CommandComplete|");
    });
    try (PcpSession session = open()) {
      assertThat(session.ask('I', 'i', PcpSession.number(0), Deadline.in(SHORT)))
          .containsExactly(List.of("h", "5432", "2"));
      assertThat(session.broken()).isFalse();
    }
  }

  @Test
  @DisplayName("A refusal is a refusal, with its sentence")
  void refusal() throws Exception {
    answers((in, out) -> {
      letIn(in, out);
      read(in);
      say(out, 'E', "SERROR|Minvalid|Dnode  7|");
    });
    try (PcpSession session = open()) {
      assertThatThrownBy(() -> session.ask('D', 'd', PcpSession.number(7), Deadline.in(SHORT)))
          .isInstanceOfSatisfying(
              ProxyTrouble.class,
              trouble -> assertThat(trouble.how()).isInstanceOf(ProxyTrouble.How.Rejected.class))
          .hasMessage("pcp: invalid: node 7");
    }
  }

  @Test
  @DisplayName("A wrong password is no proof that nothing is there")
  void wrongPassword() {
    answers((in, out) -> {
      read(in);
      say(out, 'm', "salt");
      read(in);
      say(out, 'E', "SFATAL|Mauthentication failed|");
    });
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ProxyTrouble.class,
            trouble -> assertThat(trouble.how()).isInstanceOf(ProxyTrouble.How.Unclear.class));
  }

  @Test
  @DisplayName("Silence ends by the deadline; rubbish and endless lengths are no answer")
  void rubbish() {
    answers((in, out) -> read(in));
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ProxyTrouble.class,
            trouble -> assertThat(trouble.how()).isInstanceOf(ProxyTrouble.How.Silent.class));
    answers((in, out) -> out.writeBytes("HTTP/1.1 400 Bad Request"));
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ProxyTrouble.class,
            trouble -> assertThat(trouble.how()).isInstanceOf(ProxyTrouble.How.Unclear.class));
  }
}
