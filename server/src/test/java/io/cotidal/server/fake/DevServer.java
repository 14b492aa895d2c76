package io.cotidal.server.fake;

import io.cotidal.model.Actor;
import io.cotidal.model.Permission;
import io.cotidal.server.ApiServer;
import io.cotidal.server.ServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Serves the page over invented clusters, for looking at it. Arguments: a port, then {@code calm},
 * {@code failover} (in its middle, for ever) or {@code empty}. Prints a one-time link and ends with
 * its input.
 */
public final class DevServer {
  private DevServer() {}

  /** Runs until its standard input ends. */
  public static void main(String[] arguments) throws Exception {
    String scene = arguments.length > 1 ? arguments[1] : "calm";
    try (ApiServer server = start(scene, Integer.parseInt(arguments[0]))) {
      do {
        System.out.println(server.oneTimeLink(Permission.ADMIN, Duration.ofHours(1)));
      } while (System.in.read() >= 0);
    }
  }

  /** A server over the scene of that name. */
  static ApiServer start(String scene, int port) throws IOException {
    FakePlane plane = new FakePlane(scene.equals("empty") ? List.of() : Scenes.actions());
    if (!scene.equals("empty")) {
      Drama drama = new Drama(plane);
      drama.begin();
      if (scene.equals("failover")) {
        drama.failOver(Scenes.ORDERS, Actor.COTIDAL, 0);
      }
    }
    InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    ApiServer server =
        new ApiServer(
            bind, plane, new MemoryTokens(), InstantSource.system(), ServerOptions.of("dev"));
    server.start();
    return server;
  }
}
