package io.cotidal.app.objects;

import io.cotidal.gateway.desk.Desk;
import io.cotidal.gateway.desk.Lodge;
import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.gateway.placing.Fetching;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.reading.Reader;
import io.cotidal.gateway.status.Report;
import io.cotidal.gateway.status.StatusServer;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.gateway.wire.Settings.Patience;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.GatewayPlace.At;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.runtime.Carriers;
import io.cotidal.runtime.SystemClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A gateway before a site, running: its door, what is behind it, and what it says of itself. */
final class GatewayProcess {
  private final GatewayChoice choice;
  private final Lodge lodge;
  private final Gateway gateway;
  private final Fetching fetching;
  private final Optional<StatusServer> status;
  private final SystemClock clock = new SystemClock();
  private final Carriers carriers = Carriers.watch(clock);

  private GatewayProcess(GatewayChoice choice, Lodge lodge, Gateway gateway) throws IOException {
    this.choice = choice;
    this.lodge = lodge;
    this.gateway = gateway;
    this.fetching = lodge.fetching(choice.spec().id().name());
    Optional<At> at = choice.place().status();
    this.status =
        at.isEmpty()
            ? Optional.empty()
            : Optional.of(
                StatusServer.start(address("status", at.get()), this::report, lodge::trouble));
  }

  /**
   * Starts it. The site need not be up.
   *
   * @throws IOException in one line, if it cannot be started
   */
  static GatewayProcess start(GatewayChoice choice) throws IOException {
    Settings settings =
        Settings.of(
                address("listen", choice.place().listen()), address("site", choice.place().site()))
            .with(Patience.USUAL.reading(choice.spec().reads().patience()));
    Lodge lodge = lodge(choice);
    Gateway gateway = null;
    try {
      gateway = Gateway.start(settings.with(lodge.peers()), lodge.door());
      GatewayProcess started = new GatewayProcess(choice, lodge, gateway);
      started.fetching.start();
      return started;
    } catch (IOException e) {
      if (gateway != null) {
        gateway.close();
      }
      lodge.close();
      throw e;
    }
  }

  private static Lodge lodge(GatewayChoice choice) throws IOException {
    ObjectsSpec spec = choice.spec();
    Path folder = choice.place().folder();
    Lodge.Settings settings =
        new Lodge.Settings(
            choice.site().member(),
            sites(choice),
            spec.realm(),
            spec.stamps(),
            folder,
            folder.resolve("placing.json"),
            Set.copyOf(spec.accounts()),
            Reader.Rights.of(spec));
    Lodge.Manners manners =
        new Lodge.Manners(
            spec.answer(),
            Desk.Means.PATIENCE,
            spec.care().tombstones(),
            spec.pace().concurrency());
    try {
      // Until the daemon has said anything, what is configured holds.
      return Lodge.open(settings, manners, Placing.of(spec, 0), InstantSource.system());
    } catch (OutboxFailed e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Its own site is asked where its clients are passed on to: the address may be the gateway's. */
  private static List<Site> sites(GatewayChoice choice) {
    Site own = choice.site();
    String direct = "http://" + choice.place().site() + HttpAddress.parse(own.url()).path();
    return choice.spec().sites().stream()
        .map(site -> site.member().equals(own.member()) ? site.at(direct) : site)
        .toList();
  }

  private static InetSocketAddress address(String key, At at) throws IOException {
    InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
    if (address.isUnresolved()) {
      throw new IOException(
          "gateway." + key + ": nobody knows the host " + at.host() + "; write its address");
    }
    return address;
  }

  private Report report() {
    Placings placings = lodge.placings();
    return new Report(
        InstantSource.system().instant(),
        gateway.counters(),
        lodge.waiting(),
        lodge.conflicts(),
        new Report.Placing(placings.now().generation(), placings.refused().isPresent()));
  }

  /** Where it is, for people and scripts. */
  String line() {
    return choice.title()
        + " listens on "
        + text(gateway.address())
        + status.map(each -> ", says its status on " + text(each.address())).orElse("");
  }

  private static String text(InetSocketAddress address) {
    return new At(address.getAddress().getHostAddress(), address.getPort()).toString();
  }

  /**
   * Takes no more connections, lets what runs end until the deadline, and ends.
   *
   * @return whether nothing had to be broken off
   */
  boolean close(Deadline deadline) throws InterruptedException {
    try {
      return gateway.close(deadline);
    } finally {
      fetching.close();
      lodge.close();
      status.ifPresent(StatusServer::close);
      carriers.close();
      clock.close();
    }
  }
}
