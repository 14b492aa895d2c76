package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Yielding.Stamp;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Asks sites when their gateways let clients change a container. Thread-safe. */
final class Hearing {
  private static final Duration EACH = Duration.ofSeconds(10);

  private final ObjectsSpec spec;
  private final Map<MemberId, Swift> sites;
  private final Shelf shelf;

  Hearing(ObjectsSpec spec, Map<MemberId, Swift> sites) {
    this.spec = spec;
    this.sites = sites;
    this.shelf = new Shelf(spec.stamps());
  }

  /** The stamps of sites that have a gateway and were seen. */
  Map<MemberId, Stamp> stamps(Standing standing, Deadline deadline) throws InterruptedException {
    Map<MemberId, Stamp> stamps = new HashMap<>();
    for (MemberId site : standing.sites()) {
      boolean gateway = spec.site(site).flatMap(Site::gateway).isPresent();
      Swift swift = sites.get(site);
      if (gateway && swift != null && !(standing.looks().get(site) instanceof Look.Unknown)) {
        stamps.put(site, stamp(swift, standing, deadline));
      }
    }
    return stamps;
  }

  private Stamp stamp(Swift site, Standing standing, Deadline deadline)
      throws InterruptedException {
    try {
      return shelf
          .read(site, standing.name().toString(), deadline.atMost(EACH))
          .<Stamp>map(Stamp.At::new)
          .orElseGet(Stamp.None::new);
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      return new Stamp.Unknown(e.getMessage());
    }
  }
}
