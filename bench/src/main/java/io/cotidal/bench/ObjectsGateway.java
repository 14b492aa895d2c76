package io.cotidal.bench;

import io.cotidal.gateway.desk.Lodge;
import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.gateway.wire.Settings.Limits;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway as a process of its own, whole: with the desk that judges every request. It ends when
 * its input does.
 */
final class ObjectsGateway {
  private ObjectsGateway() {}

  /**
   * The process.
   *
   * @param args port where it listens, port of the site, a folder of its own
   */
  public static void main(String[] args) throws IOException, OutboxFailed {
    int port = Integer.parseInt(args[0]);
    int site = Integer.parseInt(args[1]);
    Path folder = Path.of(args[2]);
    Limits usual = Limits.USUAL;
    Limits limits =
        new Limits(
            usual.head(), usual.clients(), usual.site(), usual.waiting(), usual.discard(), 1);
    try (Lodge lodge =
            Lodge.open(lodge(site, folder), Lodge.Manners.USUAL, InstantSource.system());
        Gateway gateway =
            Gateway.start(Settings.of(here(port), here(site)).with(limits), lodge.door())) {
      System.out.println(gateway.port());
      while (System.in.read() >= 0) {
        // Until nobody holds the other end.
      }
    }
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Lodge.Settings lodge(int port, Path folder) {
    MemberId here = new MemberId("east");
    String url = "http://127.0.0.1:" + port;
    Site site =
        new Site(
            here,
            url + "/v1",
            here.name(),
            new Site.Identity.TempAuth(url + "/auth/v1.0", "bench:bench", new Secret("bench")),
            Site.Role.ACTIVE,
            Map.of(),
            Optional.empty());
    return new Lodge.Settings(
        here,
        List.of(site),
        new Realm("bench", new Secret("bench"), Optional.empty()),
        "AUTH_cotidal",
        folder.resolve("outbox"),
        folder.resolve("placing.json"));
  }
}
