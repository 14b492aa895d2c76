package io.cotidal.lab.rivals;

import io.cotidal.lab.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A way that can be closed: what goes through is dropped without a word, as a filter does. */
final class Crossing implements AutoCloseable {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final FaultProxy proxy;

  private Crossing(FaultProxy proxy) {
    this.proxy = proxy;
  }

  /** To {@code port} of 127.0.0.1, from the same port of another address of the loopback. */
  static Crossing at(String address, int port) throws IOException {
    return new Crossing(
        new FaultProxy(
            new InetSocketAddress(InetAddress.ofLiteral(address), port),
            new InetSocketAddress(HERE, port)));
  }

  /** To {@code port} of 127.0.0.1, from a port of its own. */
  static Crossing to(int port) throws IOException {
    return new Crossing(new FaultProxy(new InetSocketAddress(HERE, port)));
  }

  int port() {
    return proxy.port();
  }

  void cut() {
    for (FaultProxy.Way way : FaultProxy.Way.values()) {
      proxy.hold(way);
    }
  }

  void mend() throws IOException {
    proxy.mend();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
