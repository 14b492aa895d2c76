package io.cotidal.gateway.desk;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.gateway.outbox.OutboxLimits;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.relay.Probe;
import io.cotidal.gateway.relay.Relay;
import io.cotidal.gateway.relay.Sites;
import io.cotidal.model.MemberId;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.http.kept.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All behind the door of one gateway, running. Whatever ends it, the outbox knows what is left. */
public final class Lodge implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration STALL = Duration.ofSeconds(15);

  /** Connections of a site beside those of the relay: for looks before changes. */
  private static final int BESIDE = 32;

  private final Outbox outbox;
  private final Relay relay;
  private final Placings placings;
  private final Map<MemberId, Swift> clients;
  private final Desk desk;

  /**
   * What a gateway needs to know.
   *
   * @param here the site that it stands before
   * @param sites all that are configured
   * @param account of the service, the same at each site, for stamps; not one that is kept equal
   * @param folder for the outbox; nobody else's
   * @param placing the daemon's file
   */
  public record Settings(
      MemberId here, List<Site> sites, Realm realm, String account, Path folder, Path placing) {
    /** Copies the list. */
    public Settings {
      sites = List.copyOf(sites);
    }
  }

  /**
   * How it behaves.
   *
   * @param promise to clients, while no placing says otherwise
   * @param patience so long a client waits for other sites, at most
   * @param tombstones for so long a deletion is remembered at least
   * @param concurrency containers that are carried side by side, at most
   */
  public record Manners(Promise promise, Duration patience, Duration tombstones, int concurrency) {
    /** What is used if nothing is said. */
    public static final Manners USUAL =
        new Manners(Promise.LOCAL, Desk.Means.PATIENCE, Duration.ofDays(14), 16);
  }

  private Lodge(Settings settings, Manners manners, Outbox outbox, InstantSource time) {
    this.outbox = outbox;
    this.clients = clients(settings, manners, time);
    Sites sites = Sites.of(settings.here(), clients, settings.sites());
    List<MemberId> all = List.copyOf(clients.keySet());
    this.placings =
        Placings.open(
            settings.placing(),
            settings.folder().resolve("placing.last.json"),
            clients.keySet(),
            Placing.everywhere(all, manners.promise()));
    this.relay =
        new Relay(
            outbox,
            placings,
            sites,
            new Shelf(settings.account()),
            new Relay.Settings(
                settings.folder(), manners.tombstones(), manners.concurrency(), time));
    this.desk =
        new Desk(
            settings.here(),
            placings,
            new Desk.Means(outbox, relay, new Probe(sites), Desk.Means.ASKING, manners.patience()));
  }

  private static Map<MemberId, Swift> clients(
      Settings settings, Manners manners, InstantSource time) {
    Signer signer = new Signer(settings.realm(), () -> UUID.randomUUID().toString());
    Limits limits = new Limits(manners.concurrency() + BESIDE, IDLE, CONNECT, STALL);
    Map<MemberId, Swift> clients = new LinkedHashMap<>();
    settings
        .sites()
        .forEach(site -> clients.put(site.member(), new Swift(site, signer, limits, time)));
    return clients;
  }

  /**
   * Opens the outbox and begins to work it off.
   *
   * @throws OutboxFailed if it cannot be opened: no client is to be served then
   * @throws IllegalArgumentException if the site is not among those that are configured
   */
  public static Lodge open(Settings settings, Manners manners, InstantSource time)
      throws OutboxFailed {
    Outbox outbox = Outbox.open(settings.folder(), OutboxLimits.USUAL, time);
    try {
      Lodge lodge = new Lodge(settings, manners, outbox, time);
      lodge.relay.start();
      return lodge;
    } catch (RuntimeException e) {
      outbox.close();
      throw e;
    }
  }

  /** Judges requests. */
  public Doorkeeper door() {
    return desk;
  }

  /** What waits for other sites. */
  public List<Relay.Waiting> waiting() {
    return relay.waiting();
  }

  /** Which container lies where, as it holds now. */
  public Placings placings() {
    return placings;
  }

  /** Ends it. */
  @Override
  public void close() {
    relay.close();
    outbox.close();
    clients.values().forEach(Swift::close);
  }
}
