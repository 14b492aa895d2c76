package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Addresses;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Words;
import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Makes connections to one server. Each resolves the name anew. */
final class Dial {
  private final HttpAddress address;
  private final Guard guard;
  private final Authorities authorities;

  Dial(HttpAddress address, Guard guard) {
    this.address = address;
    this.guard = guard;
    this.authorities = new Authorities(guard.authorities());
  }

  Line line(Deadline deadline) throws CallFailed {
    try {
      List<InetAddress> addresses = Addresses.of(address, guard);
      if (!address.tls()) {
        Addresses.refuseToTell(addresses, guard);
      }
      SocketChannel channel = connect(addresses, deadline);
      try {
        return new Line(channel, address.tls() ? secure(channel, deadline) : channel.socket());
      } catch (IOException | HttpTrouble | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (HttpTrouble e) {
      throw new CallFailed(Why.UNREACHABLE, false, e.getMessage(), e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private CallFailed failed(IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new CallFailed(Why.INTERRUPTED, false, "interrupted while connecting", e);
    }
    String reason =
        switch (e) {
          case SSLException tls ->
              "TLS failed ("
                  + Words.line(tls)
                  + "): look at its certificate, at the names in it, and at whom we trust";
          case SocketTimeoutException _ ->
              "no connection in time: is it running, and the way to it open?";
          case IOException other ->
              "no connection (" + Words.line(other) + "): is it running, and reachable from here?";
        };
    return new CallFailed(Why.UNREACHABLE, false, reason, e);
  }

  private SocketChannel connect(List<InetAddress> addresses, Deadline deadline) throws IOException {
    IOException last = new IOException("no address");
    for (int i = 0; i < addresses.size() && !Thread.currentThread().isInterrupted(); i++) {
      Duration share = deadline.left().dividedBy(addresses.size() - i);
      SocketChannel channel = SocketChannel.open();
      try {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel
            .socket()
            .connect(
                new InetSocketAddress(addresses.get(i), address.port()),
                Math.clamp(share.toMillis(), 1, Integer.MAX_VALUE));
        return channel;
      } catch (IOException e) {
        channel.close();
        last = e;
      }
    }
    throw last;
  }

  /** A handshake that drips is ended by the watch, one that stands still by the socket's own. */
  private Socket secure(SocketChannel channel, Deadline deadline) throws HttpTrouble, IOException {
    SSLSocket tls =
        (SSLSocket)
            authorities
                .sockets()
                .createSocket(channel.socket(), address.host(), address.port(), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.setSoTimeout(Math.clamp(deadline.left().toMillis(), 1, Integer.MAX_VALUE));
    Line line = new Line(channel, channel.socket());
    WriteWatch watch = new WriteWatch(line, deadline, deadline.left());
    try (watch) {
      tls.startHandshake();
    } catch (IOException e) {
      if (watch.expired()) {
        SocketTimeoutException late = new SocketTimeoutException("the handshake takes too long");
        late.initCause(e);
        throw late;
      }
      throw e;
    }
    return tls;
  }
}
