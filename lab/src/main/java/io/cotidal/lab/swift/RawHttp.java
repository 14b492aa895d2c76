package io.cotidal.lab.swift;

import io.cotidal.lab.swift.RawStream.Head;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends requests as they are, each on a connection of its own. A request with {@code Expect:
 * 100-continue} sends its body only when it is told to.
 *
 * @param server where it sends them
 * @param patience how long it waits for the next byte
 */
public record RawHttp(InetSocketAddress server, Duration patience) {
  private static final int BLOCK = 65_536;
  private static final int CONTINUE = 100;

  /** Sends a request, and keeps the body of the answer. */
  public RawAnswer ask(RawRequest request) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    RawAnswer answer = ask(request, body);
    return new RawAnswer(answer.status(), answer.headers(), answer.before(), body.toByteArray());
  }

  /**
   * Sends a request, and hands the body of the answer on.
   *
   * @throws IOException if the connection fails, or ends before the answer does
   */
  public RawAnswer ask(RawRequest request, OutputStream sink) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, (int) patience.toMillis());
      socket.setSoTimeout((int) patience.toMillis());
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request.head(host()));
      boolean waits = request.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent();
      if (!waits) {
        upload(request, socket);
      }
      return heard(request, socket, sink);
    }
  }

  private String host() {
    return server.getAddress().getHostAddress() + ":" + server.getPort();
  }

  private static RawAnswer heard(RawRequest request, Socket socket, OutputStream sink)
      throws IOException {
    RawStream in = new RawStream(socket.getInputStream());
    List<Integer> before = new ArrayList<>();
    Head head = next(in);
    while (head.status() < 200) {
      before.add(head.status());
      if (head.status() == CONTINUE) {
        upload(request, socket);
      }
      head = next(in);
    }
    if (bodied(request.method(), head.status())) {
      if (head.chunked()) {
        in.copyChunks(sink, false);
      } else if (head.length() >= 0) {
        in.copy(head.length(), sink);
      } else {
        in.copyAll(sink);
      }
    }
    return new RawAnswer(head.status(), texts(head.headers()), before, new byte[0]);
  }

  /** Swift writes UTF-8 in headers. */
  private static List<RawHeader> texts(List<RawHeader> headers) {
    return headers.stream()
        .map(header -> new RawHeader(header.name(), text(header.value())))
        .toList();
  }

  private static String text(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static Head next(RawStream in) throws IOException {
    return in.head().orElseThrow(() -> new EOFException("the connection ended without an answer"));
  }

  /** Whether such an answer has a body, however long it says that it is. */
  static boolean bodied(String method, int status) {
    return !method.equals("HEAD") && status >= 200 && status != 204 && status != 304;
  }

  /**
   * Sends the body while the answer is waited for: a server may answer before it has read it all.
   */
  private static void upload(RawRequest request, Socket socket) {
    request
        .body()
        .ifPresent(body ->
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    send(body, socket.getOutputStream());
                  } catch (IOException e) {
                    // Whoever waits for the answer has it, or fails too.
                    cut(socket);
                  }
                }));
  }

  private static void send(RawBody body, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int read = body.bytes().read(block); read >= 0; read = body.bytes().read(block)) {
      if (body.length() < 0) {
        out.write((Integer.toHexString(read) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      out.write(block, 0, read);
      if (body.length() < 0) {
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
    if (body.length() < 0) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Nothing more is sent; an answer that is there already can still be read. */
  private static void cut(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // It is closed, which is what is wanted.
    }
  }
}
