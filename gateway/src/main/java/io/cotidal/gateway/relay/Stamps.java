package io.cotidal.gateway.relay;

import io.cotidal.gateway.clock.HybridClock;
import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out in which order sites changed a container, where that matters. */
final class Stamps {
  private static final Duration EACH = Duration.ofSeconds(10);

  private final Sites sites;
  private final Shelf shelf;
  private final Outbox outbox;

  Stamps(Sites sites, Shelf shelf, Outbox outbox) {
    this.sites = sites;
    this.shelf = shelf;
    this.outbox = outbox;
  }

  /**
   * What is known.
   *
   * @param stamps of this site's change, and of changes beside it
   * @param doubtful sites where somebody changed it and nobody can tell when, with the reason
   */
  record Known(Map<MemberId, Timestamp> stamps, Map<MemberId, String> doubtful) {}

  /** Leaves the stamp of what is open at this site. */
  void leave(Open open, Deadline deadline) throws SwiftTrouble {
    shelf.put(sites.own(), open.subject().toString(), open.stamp(), deadline.atMost(EACH));
  }

  /**
   * Asks those sites.
   *
   * @param beside where somebody changed it, too
   */
  Known read(Open open, List<MemberId> beside, Deadline deadline) throws InterruptedException {
    Known known = new Known(new HashMap<>(Map.of(sites.here(), open.stamp())), new HashMap<>());
    for (MemberId site : beside) {
      ask(site, open, deadline, known);
    }
    return known;
  }

  private void ask(MemberId site, Open open, Deadline deadline, Known known)
      throws InterruptedException {
    try {
      Optional<Timestamp> stamp =
          shelf.read(sites.at(site), open.subject().toString(), deadline.atMost(EACH));
      if (stamp.isEmpty()) {
        return;
      }
      switch (outbox.heard(stamp.get())) {
        case HybridClock.Heard.Taken _ -> known.stamps().put(site, stamp.get());
        case HybridClock.Heard.TooFarAhead far ->
            known
                .doubtful()
                .put(
                    site,
                    "site %s: the clock of its gateway is %d s ahead of ours: set both right"
                        .formatted(site, far.ahead().toSeconds()));
      }
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      known.doubtful().put(site, e.getMessage());
    }
  }
}
