package io.cotidal.remote.http;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
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
  public Reply get(Question question, Deadline deadline) throws HttpTrouble {
    List<InetAddress> addresses = resolve();
    if (question.secret().isPresent() && !address.tls()) {
      refuseToTell(addresses);
    }
    try (Socket socket = connect(addresses, deadline);
        Socket line = address.tls() ? secure(socket, deadline) : socket) {
      line.getOutputStream().write(question.bytes(address.authority()));
      line.getOutputStream().flush();
      return new ReplyReader(new TimedInput(line, deadline), question.most()).read();
    } catch (SocketTimeoutException e) {
      throw new HttpTrouble("no whole answer in time: is it overloaded, or the way to it cut?", e);
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

  private List<InetAddress> resolve() throws HttpTrouble {
    List<InetAddress> addresses;
    try {
      addresses = List.of(InetAddress.getAllByName(address.host()));
    } catch (UnknownHostException e) {
      throw new HttpTrouble(
          "the name "
              + Words.line(address.host())
              + " cannot be resolved: correct it, or look at this machine's name service",
          e);
    }
    for (InetAddress one : addresses) {
      boolean outside = one.isAnyLocalAddress() || one.isMulticastAddress();
      if (outside || (one.isLinkLocalAddress() && !guard.linkLocal())) {
        throw new HttpTrouble(
            Words.line(address.host())
                + " is "
                + one.getHostAddress()
                + ", an address that is not asked: name another");
      }
    }
    return addresses;
  }

  private static void refuseToTell(List<InetAddress> addresses) throws HttpTrouble {
    if (!addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
      throw new HttpTrouble("a token is not sent over plain HTTP: use https, or leave it out");
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
