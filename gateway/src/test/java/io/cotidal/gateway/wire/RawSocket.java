package io.cotidal.gateway.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One end of a connection, on which texts go as they are: a character a byte. */
final class RawSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  /**
   * What came of one answer.
   *
   * @param head its lines, with the empty one
   * @param body without the marks of chunks
   */
  record Got(String head, String body) {
    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** The first value of that name; empty if there is none. */
    String field(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawSocket to(int port) throws IOException {
    return narrow(port, 0);
  }

  /** With a small buffer for what comes, so that its sender soon notices that nobody reads. */
  static RawSocket narrow(int port, int buffer) throws IOException {
    Socket socket = new Socket();
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawSocket(socket);
  }

  RawSocket send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawSocket send(byte[] bytes) throws IOException {
    out().write(bytes);
    return this;
  }

  /** Sends lines, and an empty one. */
  RawSocket lines(String... lines) throws IOException {
    return send(String.join("\r\n", lines) + "\r\n\r\n");
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  InputStream in() {
    return in;
  }

  /** The next head with its empty line; empty if the connection has ended before it. */
  String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int line = 0; ; ) {
      int letter = in.read();
      if (letter < 0 && head.size() == 0) {
        return "";
      }
      if (letter < 0) {
        throw new EOFException("the connection has ended in a head: " + head);
      }
      head.write(letter);
      line++;
      if (letter == '\n') {
        if (line == 2) {
          return head.toString(StandardCharsets.ISO_8859_1);
        }
        line = 0;
      }
    }
  }

  String read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("only " + bytes.length + " of " + length + " bytes");
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** All until the other side ends what it sends. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** The next final answer to a request of that method. */
  Got answer(String method) throws IOException {
    String head = head();
    while (head.startsWith("HTTP/1.1 1")) {
      head = head();
    }
    return new Got(head, body(method, head));
  }

  /** The body of a message whose head was read. */
  String body(String method, String head) throws IOException {
    Got shape = new Got(head, "");
    boolean answer = head.startsWith("HTTP/");
    if (method.equals("HEAD") || (answer && List.of(204, 304).contains(shape.status()))) {
      return "";
    }
    if (!shape.field("Transfer-Encoding").isEmpty()) {
      return chunks();
    }
    String length = shape.field("Content-Length");
    if (length.isEmpty()) {
      return answer ? rest() : "";
    }
    return read(Integer.parseInt(length));
  }

  private String chunks() throws IOException {
    StringBuilder all = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line().split(";")[0], 16);
      if (size == 0) {
        for (String line = line(); !line.isEmpty(); line = line()) {
          all.append('{').append(line).append('}');
        }
        return all.toString();
      }
      all.append(read(size));
      read(2);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int letter = in.read(); letter != '\n'; letter = in.read()) {
      if (letter < 0) {
        throw new EOFException("the connection has ended in a line");
      }
      line.write(letter);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.substring(0, text.length() - 1);
  }

  /** Sends no more. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Breaks off. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
