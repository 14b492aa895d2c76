package io.cotidal.remote.mail;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Trust;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Hands one message in at a mail server. */
public final class Smtp implements AutoCloseable {
  private static final int LONGEST_LINE = 2_000;
  private static final int MOST_LINES = 100;

  private final MailServer server;
  private final Deadline deadline;
  private Socket socket;
  private InputStream in;

  private Smtp(MailServer server, Deadline deadline) throws IOException {
    this.server = server;
    this.deadline = deadline;
    this.socket = new Socket();
    socket.connect(new InetSocketAddress(server.host(), server.port()), millis(deadline));
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends {@code message}.
   *
   * @throws IOException with one line, if the server has not said that it takes the message
   */
  public static void send(MailServer server, Message message, Deadline deadline)
      throws IOException {
    try (Smtp smtp = new Smtp(server, deadline)) {
      smtp.send(message);
    } catch (HttpTrouble e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void send(Message message) throws IOException, HttpTrouble {
    expect(220, "the greeting");
    Set<String> offers = hello();
    if (server.startTls()) {
      if (!offers.contains("STARTTLS")) {
        throw new IOException(server.host() + " offers no STARTTLS, and nothing is sent without");
      }
      say("STARTTLS", 220);
      secure();
      hello();
    }
    if (server.account().isPresent()) {
      MailServer.Account account = server.account().get();
      String plain = "\0" + account.user() + "\0" + account.password().reveal();
      tell(
          "AUTH PLAIN "
              + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
      expect(235, "AUTH");
    }
    say("MAIL FROM:<" + message.from() + ">", 250);
    for (String to : message.to()) {
      say("RCPT TO:<" + to + ">", 250);
    }
    say("DATA", 354);
    tell(message.data() + ".");
    expect(250, "the message");
    tell("QUIT");
  }

  private Set<String> hello() throws IOException {
    tell("EHLO cotidal");
    Set<String> offers = new HashSet<>();
    for (String line : expect(250, "EHLO").split("\n")) {
      offers.add(line.strip().toUpperCase(Locale.ROOT));
    }
    return offers;
  }

  /** What was read before the handshake and not used was never said under TLS. */
  private void secure() throws IOException, HttpTrouble {
    if (in.available() > 0) {
      throw new IOException(server.host() + " said more than it should before TLS");
    }
    SSLSocket secured =
        (SSLSocket)
            Trust.sockets(server.authorities())
                .createSocket(socket, server.host(), server.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.setSoTimeout(millis(deadline));
    secured.startHandshake();
    socket = secured;
    in = new BufferedInputStream(secured.getInputStream());
  }

  private void say(String command, int code) throws IOException {
    tell(command);
    expect(code, command);
  }

  private void tell(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** The lines of an answer without their code; refused if the code is another one. */
  private String expect(int code, String what) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int lines = 0; lines < MOST_LINES; lines++) {
      String line = line();
      if (!line.startsWith(Integer.toString(code))) {
        throw new IOException(server.host() + " refuses " + what + ": " + line);
      }
      text.append(line.substring(Math.min(4, line.length()))).append('\n');
      if (line.length() < 4 || line.charAt(3) != '-') {
        return text.toString();
      }
    }
    throw new IOException(server.host() + " answers without end");
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < LONGEST_LINE) {
      socket.setSoTimeout(millis(deadline));
      int next = in.read();
      if (next < 0) {
        throw new IOException(server.host() + " ended the connection");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8).strip();
      }
      line.write(next);
    }
    throw new IOException(server.host() + " answers with a line without end");
  }

  private static int millis(Deadline deadline) throws IOException {
    if (deadline.over()) {
      throw new IOException("no answer in time");
    }
    return (int) Math.max(1, deadline.left().toMillis());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
