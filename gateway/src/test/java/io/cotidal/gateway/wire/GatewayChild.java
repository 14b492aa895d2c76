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
    // What it prints is its port. Whoever starts it reads nothing else.
    PrintStream told = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetSocketAddress site = new InetSocketAddress(loopback, Integer.parseInt(arguments[0]));
    Settings settings = Settings.of(new InetSocketAddress(loopback, 0), site);
    try (Gateway gateway = Gateway.start(settings, Stage.OPEN)) {
      told.println(gateway.port());
      while (System.in.read() >= 0) {
        // Nobody says anything.
      }
    }
  }
}
