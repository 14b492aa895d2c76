package io.cotidal.gateway.desk;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Peer;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.gateway.outbox.OutboxLimits;
import io.cotidal.gateway.placing.Fetching;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.reading.Reader;
import io.cotidal.gateway.relay.Probe;
import io.cotidal.gateway.relay.Relay;
import io.cotidal.gateway.relay.Sites;
import io.cotidal.model.MemberId;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  private final Doorkeeper door;

  /**
   * What a gateway needs to know.
   *
   * @param here the site that it stands before
   * @param sites all that are configured
   * @param account of the service, the same at each site, for stamps; not one that is kept equal
   * @param folder for the outbox; nobody else's
   * @param placing the daemon's file
   * @param accounts that are the same at all sites; empty for all but that of the service
   * @param rights what clients are given of other sites
   */
  public record Settings(
      MemberId here,
      List<Site> sites,
      Realm realm,
      String account,
      Path folder,
      Path placing,
      Set<String> accounts,
      Reader.Rights rights) {
    /** Copies the collections. */
    public Settings {
      sites = List.copyOf(sites);
      accounts = Set.copyOf(accounts);
    }

    /** Of all accounts. */
    public Settings(
        MemberId here, List<Site> sites, Realm realm, String account, Path folder, Path placing) {
      this(here, sites, realm, account, folder, placing, Set.of(), Reader.Rights.NONE);
    }

    /** The same; clients are given that of other sites. */
    public Settings with(Reader.Rights other) {
      return new Settings(here, sites, realm, account, folder, placing, accounts, other);
    }

    private boolean kept(String name) {
      return !name.equals(account) && (accounts.isEmpty() || accounts.contains(name));
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

  private final Settings settings;

  private Lodge(Settings settings, Manners manners, Placing first, Ground ground) {
    Outbox outbox = ground.outbox();
    InstantSource time = ground.time();
    this.settings = settings;
    this.outbox = outbox;
    this.clients = clients(settings, manners, time);
    Sites sites = Sites.of(settings.here(), clients, settings.sites());
    this.placings =
        Placings.open(
            settings.placing(),
            settings.folder().resolve("placing.last.json"),
            clients.keySet(),
            first);
    this.relay =
        new Relay(
            outbox,
            placings,
            sites,
            new Shelf(settings.account()),
            new Relay.Settings(
                settings.folder(),
                new Losses(settings.account()),
                manners.tombstones(),
                manners.concurrency(),
                time));
    Desk desk =
        new Desk(
            new Desk.Place(settings.here(), settings::kept),
            placings,
            new Desk.Means(outbox, relay, new Probe(sites), Desk.Means.ASKING, manners.patience()));
    this.door = new Reader(desk, settings.here(), placings::now, settings.rights(), clients);
  }

  /** On what it stands. */
  private record Ground(Outbox outbox, InstantSource time) {}

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

  /** The same; all lies everywhere, while no placing says otherwise. */
  public static Lodge open(Settings settings, Manners manners, InstantSource time)
      throws OutboxFailed {
    List<MemberId> all = settings.sites().stream().map(Site::member).toList();
    return open(settings, manners, Placing.everywhere(all, manners.promise()), time);
  }

  /**
   * Opens the outbox and begins to work it off.
   *
   * @param first what lies where, while no placing says otherwise
   * @throws OutboxFailed if it cannot be opened: no client is to be served then
   * @throws IllegalArgumentException if the site is not among those that are configured
   */
  public static Lodge open(Settings settings, Manners manners, Placing first, InstantSource time)
      throws OutboxFailed {
    Outbox outbox = Outbox.open(settings.folder(), OutboxLimits.USUAL, time);
    try {
      Lodge lodge = new Lodge(settings, manners, first, new Ground(outbox, time));
      lodge.relay.start();
      return lodge;
    } catch (RuntimeException e) {
      outbox.close();
      throw e;
    }
  }

  /** Judges requests. */
  public Doorkeeper door() {
    return door;
  }

  /** The other sites, for a proxy that has them asked for its clients; none if it never is to. */
  public List<Peer> peers() {
    if (!settings.rights().elsewhere()) {
      return List.of();
    }
    return settings.sites().stream()
        .filter(site -> !site.member().equals(settings.here()))
        .map(site -> new Peer(site.member().name(), site.url(), site.authority()))
        .toList();
  }

  /** What waits for other sites. */
  public List<Relay.Waiting> waiting() {
    return relay.waiting();
  }

  /** How many changes of clients were overruled, and written down, since it was opened. */
  public long conflicts() {
    return relay.conflicts();
  }

  /**
   * Why changes of clients cannot be written down; empty if they can. The disk is asked.
   *
   * @param deadline until which it may take
   */
  public Optional<String> trouble(Deadline deadline) throws InterruptedException {
    try {
      outbox
          .tried()
          .toCompletableFuture()
          .get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return Optional.of(String.valueOf((cause == null ? e : cause).getMessage()));
    } catch (TimeoutException e) {
      return Optional.of("the disk of the outbox is too slow");
    }
  }

  /**
   * What brings the placing from this site into its file; not begun yet. It ends before this does.
   *
   * @param namespace its name
   */
  public Fetching fetching(String namespace) {
    Swift own = Objects.requireNonNull(clients.get(settings.here()), "this site is configured");
    return new Fetching(
        own, new Fetching.Source(settings.account(), namespace), settings.placing());
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
