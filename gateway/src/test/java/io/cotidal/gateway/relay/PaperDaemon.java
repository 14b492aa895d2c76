package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Convergence;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Overruled;
import io.cotidal.objects.state.Policies;
import io.cotidal.objects.state.Situation;
import io.cotidal.objects.state.Yielding;
import io.cotidal.objects.state.Yielding.Stamp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The daemon on paper: it looks at all sites and acts, beside gateways and without asking them. */
final class PaperDaemon {
  final List<Overruled> overruled = new ArrayList<>();

  private final MemberId near;
  private final PaperSites sites;
  private final Deque<Act> acts = new ArrayDeque<>();
  private Optional<Agreed> agreed = Optional.empty();
  private boolean settled;
  private long keys;

  /**
   * One that is cut off from the others with its site.
   *
   * @param near that site
   */
  PaperDaemon(MemberId near, PaperSites sites) {
    this.near = near;
    this.sites = sites;
  }

  /** Whether it found nothing to do when it looked last. */
  boolean settled() {
    return settled && acts.isEmpty();
  }

  /** It is killed, and begins again with what is on its disk. */
  void crash() {
    acts.clear();
  }

  /** It does what it has decided. */
  void finish() {
    while (!acts.isEmpty()) {
      act();
    }
  }

  /**
   * One step of what it does.
   *
   * @param now by its own clock
   */
  void step(long now) {
    if (acts.isEmpty()) {
      decide(now);
    } else {
      act();
    }
  }

  private void act() {
    Act act = acts.removeFirst();
    if (sites.act(near, act)) {
      agreed = agreed.map(before -> before.after(act));
    }
  }

  private void decide(long now) {
    Standing seen = sites.look(near);
    Situation situation =
        new Situation(
            PaperGateway.BOX,
            seen.sites(),
            seen.looks(),
            agreed,
            Situation.Hints.NONE,
            new Situation.Terms(
                new Timestamp(now),
                Duration.ofDays(14),
                new Secret("key-of-the-daemon-" + ++keys),
                Policies.of(List.of())));
    Decision alone = Convergence.decide(situation);
    Yielding.Decided decided =
        Yielding.matters(alone)
            ? Yielding.decide(situation, stamps(seen))
            : Yielding.Decided.of(alone);
    overruled.addAll(decided.decision().overruled());
    agreed = decided.decision().agreed();
    settled = decided.decision().settled();
    acts.addAll(decided.decision().acts());
  }

  private Map<MemberId, Stamp> stamps(Standing seen) {
    Map<MemberId, Stamp> stamps = new HashMap<>();
    for (MemberId site : seen.sites()) {
      if (!(seen.look(site) instanceof Look.Unknown)) {
        Timestamp stamp = sites.shelves.get(site);
        stamps.put(site, stamp == null ? new Stamp.None() : new Stamp.At(stamp));
      }
    }
    return stamps;
  }
}
