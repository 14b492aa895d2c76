package io.cotidal.copies.database.tiny;

import io.cotidal.copies.database.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** A client of the server's: statements out, answers in. */
public final class TinyClient implements AutoCloseable {
  private final AutoCloseable socket;
  private final BufferedReader in;
  private final OutputStream out;
  private boolean broken;

  private TinyClient(AutoCloseable socket, BufferedReader in, OutputStream out) {
    this.socket = socket;
    this.in = in;
    this.out = out;
  }

  /**
   * Logs in with a connection string {@code tiny://user:password@host:port/database?trust=file}.
   */
  public static TinyClient open(String url) throws EngineException {
    URI parsed = URI.create(url);
    String[] user = parsed.getRawUserInfo().split(":", -1);
    return tls(
        new InetSocketAddress(parsed.getHost(), parsed.getPort()),
        Path.of(plain(parsed.getRawQuery().substring("trust=".length()))),
        List.of(plain(user[0]), plain(user[1]), plain(parsed.getRawPath().substring(1))),
        Duration.ofSeconds(10));
  }

  private static String plain(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  /** Logs in over TLS. */
  static TinyClient tls(
      InetSocketAddress address, Path certificate, List<String> login, Duration deadline)
      throws EngineException {
    Socket plain = new Socket();
    boolean in = false;
    try {
      plain.connect(address, (int) deadline.toMillis());
      plain.setSoTimeout((int) Math.max(1, deadline.toMillis()));
      SSLSocket socket =
          (SSLSocket)
              TinyTls.client(certificate)
                  .getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true);
      TinyClient client =
          new TinyClient(socket, reader(socket.getInputStream()), socket.getOutputStream());
      client.ask("login\t" + String.join("\t", login));
      in = true;
      return client;
    } catch (EngineException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException("no answer: " + e.getClass().getSimpleName(), e);
    } finally {
      if (!in) {
        closed(plain);
      }
    }
  }

  /** Comes in at the socket of a server that is being filled. */
  static TinyClient isolated(Path socket, String name) throws EngineException {
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      TinyClient client =
          new TinyClient(
              channel, reader(Channels.newInputStream(channel)), Channels.newOutputStream(channel));
      client.ask("login\t" + name + "\t\t");
      return client;
    } catch (IOException e) {
      throw new EngineException("no answer: " + e.getClass().getSimpleName(), e);
    }
  }

  private static BufferedReader reader(java.io.InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** The values that the statement gives. */
  public List<String> ask(String statement) throws EngineException {
    String line;
    try {
      out.write((statement + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      line = in.readLine();
    } catch (IOException e) {
      broken = true;
      throw new EngineException("no answer: " + e.getClass().getSimpleName(), e);
    }
    if (line == null) {
      broken = true;
      throw new EngineException("no answer: the server ended the session");
    }
    if (!line.startsWith("ok")) {
      throw new EngineException("tiny: " + line);
    }
    List<String> words = List.of(line.split("\t", -1));
    return words.subList(1, words.size());
  }

  boolean broken() {
    return broken;
  }

  @Override
  public void close() {
    broken = true;
    closed(socket);
  }

  private static void closed(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // Nobody to say farewell to.
    }
  }
}
