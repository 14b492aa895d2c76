package io.cotidal.postgres.proxies;

import io.cotidal.remote.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** HAProxy's runtime socket: one command a connection, and its answer until the end. */
final class RuntimeSocket {
  private static final int MOST = 1 << 20;
  private static final Duration LOOK = Duration.ofMillis(2);

  private final Path path;

  RuntimeSocket(Path path) {
    this.path = path;
  }

  /** Does it; HAProxy says nothing then. */
  void tell(String command, Deadline deadline) throws ProxyTrouble, InterruptedException {
    String answer = ask(command, deadline).strip();
    if (!answer.isEmpty()) {
      throw ProxyTrouble.rejected(command + ": " + answer.lines().findFirst().orElse(""));
    }
  }

  /** What it says. */
  String ask(String command, Deadline deadline) throws ProxyTrouble, InterruptedException {
    long began = System.nanoTime();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      if (!connected(channel)) {
        throw new ProxyTrouble(new ProxyTrouble.How.Silent(0), path + " takes no more connections");
      }
      send(channel, ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)), deadline);
      return receive(channel, deadline, began);
    } catch (IOException e) {
      throw ProxyTrouble.unclear(path + ": " + String.valueOf(e.getMessage()));
    }
  }

  private boolean connected(SocketChannel channel) throws ProxyTrouble {
    try {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new ProxyTrouble(
          new ProxyTrouble.How.Refused(), path + ": " + String.valueOf(e.getMessage()));
    }
  }

  private static void send(SocketChannel channel, ByteBuffer text, Deadline deadline)
      throws IOException, InterruptedException {
    while (text.hasRemaining() && !deadline.over()) {
      if (channel.write(text) == 0) {
        deadline.pause(LOOK);
      }
    }
  }

  private String receive(SocketChannel channel, Deadline deadline, long began)
      throws IOException, InterruptedException, ProxyTrouble {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (true) {
      int read = channel.read(buffer.clear());
      if (read < 0) {
        return answer.toString(StandardCharsets.UTF_8);
      }
      answer.write(buffer.array(), 0, read);
      if (answer.size() > MOST) {
        throw ProxyTrouble.unclear(path + ": answers without end");
      }
      if (deadline.over()) {
        long waited = System.nanoTime() - began;
        throw new ProxyTrouble(
            new ProxyTrouble.How.Silent(waited), "no answer within " + waited / 1_000_000 + " ms");
      }
      if (read == 0) {
        deadline.pause(LOOK);
      }
    }
  }
}
