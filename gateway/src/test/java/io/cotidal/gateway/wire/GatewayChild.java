package io.cotidal.gateway.wire;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A gateway in a process of its own, whose memory can be measured. It ends with its input. */
final class GatewayChild {
  private GatewayChild() {}

  /** The port of the site. */
  public static void main(String[] arguments) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetSocketAddress site = new InetSocketAddress(loopback, Integer.parseInt(arguments[0]));
    Settings settings = Settings.of(new InetSocketAddress(loopback, 0), site);
    try (Gateway gateway = Gateway.start(settings, Stage.OPEN)) {
      new PrintStream(System.out, true, StandardCharsets.UTF_8).println(gateway.port());
      while (System.in.read() >= 0) {
        // Nobody says anything.
      }
    }
  }
}
