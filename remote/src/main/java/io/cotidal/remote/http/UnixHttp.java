package io.cotidal.remote.http;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * HTTP over a Unix socket.
 *
 * @param socket its path
 */
public record UnixHttp(Path socket) implements Http {
  @Override
  public Reply send(Order order, Deadline deadline) throws HttpTrouble {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      // Connecting to a Unix socket is done or refused at once.
      channel.connect(UnixDomainSocketAddress.of(socket));
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer request = ByteBuffer.wrap(order.bytes("localhost"));
      while (request.hasRemaining()) {
        if (channel.write(request) == 0) {
          await(selector, deadline);
        }
      }
      key.interestOps(SelectionKey.OP_READ);
      return new ReplyReader(new Incoming(channel, selector, deadline), order.question().most())
          .read();
    } catch (SocketTimeoutException e) {
      throw new HttpTrouble("no whole answer in time: look whether it hangs", e);
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      throw new HttpTrouble("interrupted while waiting: ask again", e);
    } catch (IOException e) {
      throw new HttpTrouble(
          "nobody answers ("
              + Words.line(e)
              + "): is it running, and may this account open its socket?",
          e);
    }
  }

  private static void await(Selector selector, Deadline deadline) throws IOException {
    if (deadline.over()) {
      throw new SocketTimeoutException("the deadline is over");
    }
    selector.select(Math.max(1, deadline.left().toMillis()));
    selector.selectedKeys().clear();
    if (Thread.interrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }

  private static final class Incoming extends InputStream {
    private final SocketChannel channel;
    private final Selector selector;
    private final Deadline deadline;

    Incoming(SocketChannel channel, Selector selector, Deadline deadline) {
      this.channel = channel;
      this.selector = selector;
      this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      while (true) {
        int count = channel.read(ByteBuffer.wrap(into, from, most));
        if (count != 0 || most == 0) {
          return count;
        }
        await(selector, deadline);
      }
    }
  }
}
