package io.cotidal.pgclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/**
 * Makes the sockets of the session that this thread is opening. The driver finds it by its class
 * name.
 */
public final class DeadlineSockets extends SocketFactory {
  /** The session that is being opened; bound around the driver's call. */
  static final ScopedValue<Opening> OPENING = ScopedValue.newInstance();

  /** What the opening of one session needs and leaves: its deadline, its sockets. */
  static final class Opening {
    private final long deadline;
    private final List<DeadlineSocket> sockets = new ArrayList<>();

    Opening(long deadlineNanos) {
      this.deadline = deadlineNanos;
    }

    void until(long deadlineNanos) {
      sockets.forEach(socket -> socket.until(deadlineNanos));
    }

    /** Closes without a word to the other end, which may not listen. */
    void close() {
      for (DeadlineSocket socket : sockets) {
        try {
          socket.close();
        } catch (IOException e) {
          // A socket that cannot be closed was not open: nothing is lost.
        }
      }
    }
  }

  /** For the driver. */
  public DeadlineSockets() {}

  @Override
  public Socket createSocket() throws SocketException {
    Opening opening = OPENING.get();
    DeadlineSocket socket = new DeadlineSocket(opening.deadline);
    opening.sockets.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw unused();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw unused();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("the driver makes unconnected sockets only");
  }
}
