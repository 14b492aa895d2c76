package io.cotidal.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection on which large bodies go, and which costs as little as it can. */
final class ObjectsStream implements AutoCloseable {
  private static final int BLOCK = 262_144;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");

  private final SocketChannel channel;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);

  /** To what listens there. */
  ObjectsStream(int port) throws IOException {
    channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** Bytes of the body that came. */
  long get(String path) throws BenchProblem, IOException {
    send("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n");
    String head = head();
    if (!head.startsWith("HTTP/1.1 200 ")) {
      throw new BenchProblem("GET " + path + ": " + head.lines().findFirst().orElse(""));
    }
    long length = length(head);
    swallow(length);
    return length;
  }

  /** Sends a body of so many bytes. */
  void put(String path, long bytes) throws BenchProblem, IOException {
    send("PUT " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Length: " + bytes + "\r\n\r\n");
    for (long left = bytes; left > 0; ) {
      block.clear().limit((int) Math.min(left, BLOCK));
      left -= channel.write(block);
    }
    block.clear().limit(0);
    String head = head();
    if (!head.startsWith("HTTP/1.1 201 ") && !head.startsWith("HTTP/1.1 204 ")) {
      throw new BenchProblem("PUT " + path + ": " + head.lines().findFirst().orElse(""));
    }
    swallow(length(head));
  }

  private void send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      int _ = channel.write(bytes);
    }
    block.clear().limit(0);
  }

  private static long length(String head) {
    Matcher found = LENGTH.matcher(head);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** Up to its empty line; what follows stays in the block. */
  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      if (!block.hasRemaining()) {
        fill();
      }
      head.append((char) (block.get() & 0xff));
    }
    return head.toString();
  }

  private void swallow(long bytes) throws IOException {
    long left = bytes - block.remaining();
    while (left > 0) {
      fill();
      left -= block.remaining();
    }
    block.clear().limit(0);
  }

  private void fill() throws IOException {
    block.clear();
    if (channel.read(block) < 0) {
      throw new EOFException("the connection ended in the middle of an answer");
    }
    block.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
