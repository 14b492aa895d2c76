package io.cotidal.copies.servers.docker;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * HTTP over the Unix socket of a Docker Engine, one connection for each question. A connection
 * costs less than a millisecond, and one that is never used again can never hold the rest of an
 * answer to an earlier question.
 *
 * @param path the socket
 */
record DockerSocket(Path path) {
  private static final int CHUNK = 16 * 1024;

  /**
   * Asks and waits for the whole answer.
   *
   * @param body JSON; empty for none
   * @throws DockerException if the Engine is not there, stands still until the deadline, or answers
   *     something that is no HTTP
   */
  Answer ask(String method, String target, String body, Deadline deadline) throws DockerException {
    try (SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      // Connecting to a Unix socket is done or refused at once.
      channel.connect(UnixDomainSocketAddress.of(path));
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      Turn turn = new Turn(selector, deadline, method + " " + target);
      ByteBuffer request = ByteBuffer.wrap(request(method, target, body));
      while (request.hasRemaining()) {
        if (channel.write(request) == 0) {
          turn.await(this);
        }
      }
      key.interestOps(SelectionKey.OP_READ);
      return read(channel, turn);
    } catch (DockerException e) {
      throw e;
    } catch (ClosedByInterruptException e) {
      throw new DockerException("interrupted while waiting for the Docker Engine at " + path, e);
    } catch (IOException e) {
      throw new DockerException(
          "no Docker Engine answers at "
              + path
              + " ("
              + e.getMessage()
              + "): start dockerd, or name its socket",
          e);
    }
  }

  private Answer read(SocketChannel channel, Turn turn) throws IOException {
    AnswerReader reader = new AnswerReader();
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    while (true) {
      int count = channel.read(bytes);
      if (count == 0) {
        turn.await(this);
        continue;
      }
      if (count < 0) {
        return reader.ended();
      }
      if (reader.take(bytes.array(), bytes.position())) {
        return reader.answer();
      }
      bytes.clear();
      turn.check(this);
    }
  }

  private static byte[] request(String method, String target, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Type: application/json"
            + "\r\nContent-Length: "
            + content.length
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** One question and the time that it has. */
  private record Turn(Selector selector, Deadline deadline, String question) {
    void await(DockerSocket socket) throws IOException {
      check(socket);
      Duration left = deadline.left();
      selector.select(Math.max(1, left.toMillis()));
      selector.selectedKeys().clear();
      check(socket);
    }

    void check(DockerSocket socket) throws DockerException {
      if (Thread.currentThread().isInterrupted()) {
        throw new DockerException(
            "interrupted while waiting for the Docker Engine at " + socket.path());
      }
      if (deadline.over()) {
        throw new DockerException(
            "the Docker Engine at "
                + socket.path()
                + " did not answer in time ("
                + question.replaceFirst("\\?.*", "")
                + "): look whether dockerd hangs");
      }
    }
  }
}
