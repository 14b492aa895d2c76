package io.cotidal.remote.http;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP and HTTPS over TCP. Each question resolves the name once, looks at what came out, and speaks
 * to those addresses only, so that a name cannot point elsewhere between the look and the
 * connection. A redirect is an answer like any other; it is not followed.
 *
 * @param address where the server is
 * @param guard what it may turn out to be
 */
public record GuardedHttp(HttpAddress address, Guard guard) implements Http {
  @Override
  public Reply send(Order order, Deadline deadline) throws HttpTrouble {
    List<InetAddress> addresses = Addresses.of(address, guard);
    if (order.question().secret().isPresent() && !address.tls()) {
      Addresses.refuseToTell(addresses, guard);
    }
    try (Socket socket = connect(addresses, deadline);
        Socket line = address.tls() ? secure(socket, deadline) : socket) {
      tell(line, socket, order, deadline);
      return new ReplyReader(new TimedInput(line, deadline), order.question().most()).read();
    } catch (SocketTimeoutException e) {
      throw late(e);
    } catch (SSLException e) {
      throw new HttpTrouble(
          "TLS failed ("
              + Words.line(e)
              + "): look at its certificate, at the names in it, and at whom we trust",
          e);
    } catch (IOException e) {
      throw new HttpTrouble("the connection broke (" + Words.line(e) + "): is it running?", e);
    }
  }

  private static HttpTrouble late(IOException cause) {
    return new HttpTrouble(
        "no whole answer in time: is it overloaded, or the way to it cut?", cause);
  }

  /** A socket has no timeout for what is written: at the deadline it is closed under the writer. */
  private void tell(Socket line, Socket socket, Order order, Deadline deadline)
      throws HttpTrouble, IOException {
    byte[] request = order.bytes(address.authority());
    CompletableFuture<Void> written = new CompletableFuture<>();
    CompletableFuture<Void> _ =
        written
            .orTimeout(deadline.left().toMillis() + 1, TimeUnit.MILLISECONDS)
            .whenComplete((_, late) -> closeIf(late != null, socket));
    try {
      line.getOutputStream().write(request);
      line.getOutputStream().flush();
    } catch (IOException e) {
      if (deadline.over()) {
        throw late(e);
      }
      throw e;
    } finally {
      boolean _ = written.complete(null);
    }
  }

  private static void closeIf(boolean needed, Socket socket) {
    if (needed) {
      try {
        socket.close();
      } catch (IOException e) {
        // Whoever writes to it learns the same.
        assert socket.isClosed();
      }
    }
  }

  private Socket connect(List<InetAddress> addresses, Deadline deadline)
      throws HttpTrouble, IOException {
    IOException last = new IOException("no address");
    for (int i = 0; i < addresses.size(); i++) {
      Duration share = deadline.left().dividedBy(addresses.size() - i);
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(
            new InetSocketAddress(addresses.get(i), address.port()),
            (int) Math.max(1, share.toMillis()));
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    if (last instanceof ConnectException) {
      throw new HttpTrouble(
          "no connection (" + Words.line(last) + "): is it running, and reachable from here?",
          last);
    }
    throw last;
  }

  private Socket secure(Socket socket, Deadline deadline) throws HttpTrouble, IOException {
    SSLSocket tls =
        (SSLSocket)
            Trust.sockets(guard.authorities())
                .createSocket(socket, address.host(), address.port(), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.setSoTimeout((int) Math.max(1, deadline.left().toMillis()));
    tls.startHandshake();
    return tls;
  }
}
