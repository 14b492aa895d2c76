package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.ledger.Ledger;
import io.cotidal.objects.ledger.Overrulings;
import io.cotidal.objects.mover.Governor;
import io.cotidal.objects.mover.PassOrder;
import io.cotidal.objects.mover.PassSite;
import io.cotidal.objects.mover.Throttle;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.state.Contents;
import io.cotidal.objects.state.Convergence;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Policies;
import io.cotidal.objects.state.Situation;
import io.cotidal.objects.state.Yielding;
import io.cotidal.objects.state.Yielding.Decided;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that one namespace works with. Thread-safe. */
final class Bench implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Bench.class);

  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration STALL = Duration.ofSeconds(30);

  /** Connections of a site beside those on which objects move. */
  private static final int BESIDE = 8;

  private static final long LEDGER = 16L << 20;
  private static final int LEDGERS = 8;
  private static final int KEY_BYTES = 32;

  private final ObjectsSpec spec;
  private final InstantSource clock;
  private final Map<MemberId, Swift> sites = new LinkedHashMap<>();
  private final Map<MemberId, Governor> governors = new LinkedHashMap<>();
  private final Throttle throttle;
  private final Ledger ledger;
  private final Overrulings overrulings;
  private final Agreements agreements;
  private final Roles roles;
  private final Announcing announcing;
  private final Hearing hearing;
  private final Losses losses;
  private final Heads heads;
  private final Turns turns = new Turns();
  private final SecureRandom chance = new SecureRandom();

  private Bench(ObjectsSpec spec, InstantSource clock, Agreements agreements, Ledger ledger)
      throws IOException {
    this.spec = spec;
    this.clock = clock;
    this.agreements = agreements;
    this.ledger = ledger;
    this.overrulings = new Overrulings(Layout.ledger(spec), "containers");
    this.throttle = new Throttle(spec.pace().bytesPerSecond());
    Signer signer = new Signer(spec.realm(), () -> UUID.randomUUID().toString());
    int most = spec.pace().concurrency();
    Limits limits = new Limits(2 * most + BESIDE, IDLE, CONNECT, STALL);
    for (Site site : spec.sites()) {
      sites.put(site.member(), new Swift(site, signer, limits, clock));
      governors.put(site.member(), new Governor(most));
    }
    this.roles = Roles.open(spec);
    this.announcing = Announcing.open(spec, sites, roles, clock);
    this.hearing = new Hearing(spec, sites);
    this.losses = new Losses(spec.stamps());
    this.heads = new Heads(spec, sites, agreements);
  }

  /** Opens it: folders are made and read, nobody is asked yet. */
  static Bench open(ObjectsSpec spec, InstantSource clock) throws IOException {
    Layout.made(spec.folder());
    Agreements agreements = Agreements.open(Layout.state(spec));
    return new Bench(spec, clock, agreements, Ledger.open(Layout.ledger(spec), LEDGER, LEDGERS));
  }

  ObjectsSpec spec() {
    return spec;
  }

  InstantSource clock() {
    return clock;
  }

  /** The clients, in the order of the configuration. */
  Map<MemberId, Swift> sites() {
    return sites;
  }

  Swift swift(MemberId site) {
    Swift swift = sites.get(site);
    if (swift == null) {
      throw new IllegalArgumentException("there is no site " + site);
    }
    return swift;
  }

  Ledger ledger() {
    return ledger;
  }

  Overrulings overrulings() {
    return overrulings;
  }

  Agreements agreements() {
    return agreements;
  }

  /**
   * Reads again what people made of sites and what gateways are told: another daemon may have led
   * meanwhile.
   */
  void refresh() throws IOException {
    roles.refresh();
    announcing.refresh();
  }

  /** What sites are for. */
  Roles roles() {
    return roles;
  }

  /** What gateways are told. */
  Announcing announcing() {
    return announcing;
  }

  /** What gateways overruled. */
  Losses losses() {
    return losses;
  }

  Heads heads() {
    return heads;
  }

  Turns turns() {
    return turns;
  }

  /** What a pass over the objects of a container is about. */
  PassOrder order(Standing standing) {
    List<PassSite> all =
        standing.sites().stream()
            .map(
                site -> new PassSite(swift(site), governor(site), standing.placed().contains(site)))
            .toList();
    return new PassOrder(
        standing.name(),
        all,
        Layout.book(spec, standing.name()),
        ledger,
        spec.care(),
        spec.pace().concurrency(),
        throttle,
        clock,
        chance);
  }

  private Governor governor(MemberId site) {
    Governor governor = governors.get(site);
    if (governor == null) {
      throw new IllegalArgumentException("there is no site " + site);
    }
    return governor;
  }

  /** What is to be done about a container itself; gateways are asked if that may matter. */
  Decided decide(Standing standing, Map<MemberId, Contents> contents, Deadline deadline)
      throws InterruptedException {
    Situation situation = situation(standing, contents);
    Decision alone = Convergence.decide(situation);
    return spec.gateways() && Yielding.matters(alone)
        ? Yielding.decide(situation, hearing.stamps(standing, deadline))
        : Decided.of(alone);
  }

  private Situation situation(Standing standing, Map<MemberId, Contents> contents) {
    byte[] key = new byte[KEY_BYTES];
    chance.nextBytes(key);
    return new Situation(
        standing.name(),
        standing.sites(),
        standing.looks(),
        agreements.of(standing.name()),
        new Situation.Hints(Map.of(), contents),
        new Situation.Terms(
            Timestamp.of(clock.instant()),
            spec.care().tombstones(),
            new Secret(HexFormat.of().formatHex(key)),
            Policies.of(spec.sites())));
  }

  @Override
  public void close() {
    sites.values().forEach(Swift::close);
    try {
      ledger.close();
    } catch (IOException e) {
      log.warn("event=ledger-not-closed namespace={} reason=\"{}\"", spec.id(), ActFailed.line(e));
    }
  }
}
