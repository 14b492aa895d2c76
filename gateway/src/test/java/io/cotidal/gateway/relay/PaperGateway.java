package io.cotidal.gateway.relay;

import io.cotidal.gateway.clock.HybridClock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Imprint;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Overruled;
import io.cotidal.objects.state.Policies;
import io.cotidal.objects.state.Situation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A gateway on paper: what it has on its disk, and what dies with it. */
final class PaperGateway {
  static final ContainerName BOX = new ContainerName("AUTH_a", "box");

  final MemberId here;
  final List<Overruled> overruled = new ArrayList<>();

  private final PaperSites sites;
  private final long skew;
  private HybridClock clock = new HybridClock(Timestamp.NEVER, Duration.ofDays(1));
  private @Nullable Entry entry;
  private @Nullable Run run;
  private long keys;

  /** On its disk. */
  private static final class Entry {
    private Optional<Agreed> agreed = Optional.empty();
    private Timestamp stamp = Timestamp.NEVER;
    private long version;
  }

  /** In its memory. */
  private static final class Run {
    private long version;
    private Deque<Act> acts = new ArrayDeque<>();
    private boolean acted;
    private boolean failed;
    private Optional<Agreed> agreed = Optional.empty();
    private @Nullable Standing standing;
  }

  PaperGateway(MemberId here, PaperSites sites, long skew) {
    this.here = here;
    this.sites = sites;
    this.skew = skew;
  }

  boolean open() {
    return entry != null;
  }

  /** A client changes it here. */
  void client(long now, Runnable change) {
    Entry mine = entry;
    if (mine == null) {
      mine = new Entry();
      mine.agreed = probe();
      entry = mine;
    }
    clock = clock.next(new Timestamp(now + skew));
    change.run();
    mine.stamp = clock.last();
    mine.version++;
  }

  private Optional<Agreed> probe() {
    if (!(sites.look(here).look(here) instanceof Look.Seen seen)) {
      return Optional.empty();
    }
    Imprint state = seen.state().imprint(BOX);
    String key = seen.state().key(BOX);
    Agreed.Base had =
        new Agreed.Base.Held(
            state, Optional.empty(), key, seen.state().policy(), seen.written(), true);
    return Optional.of(
        new Agreed(new Agreed.Form.Live(state), key, new TreeMap<>(Map.of(here, had))));
  }

  /** It is killed, and begins again. */
  void crash() {
    run = null;
  }

  /** One step of what it carries. */
  void step(long now) {
    Entry mine = entry;
    if (mine == null) {
      return;
    }
    Run going = run;
    if (going == null) {
      run = begun(mine, now);
    } else if (!going.acts.isEmpty()) {
      act(mine, going);
    } else {
      if (!going.acted && !going.failed && going.version == mine.version) {
        entry = null;
      }
      run = null;
    }
  }

  private Run begun(Entry mine, long now) {
    sites.shelves.merge(here, mine.stamp, (a, b) -> a.after(b) ? a : b);
    Run fresh = new Run();
    fresh.version = mine.version;
    Standing standing = sites.look(here);
    Reckoning reckoning = new Reckoning(BOX, here, true, mine.agreed);
    Map<MemberId, Timestamp> stamps = new HashMap<>(Map.of(here, mine.stamp));
    for (MemberId site : reckoning.beside(standing)) {
      Timestamp stamp = sites.shelves.get(site);
      if (stamp != null) {
        stamps.put(site, stamp);
        if (clock.heard(stamp, new Timestamp(now)) instanceof HybridClock.Heard.Taken taken) {
          clock = taken.clock();
        }
      }
    }
    Situation.Terms terms =
        new Situation.Terms(
            new Timestamp(now),
            Duration.ofDays(14),
            new Secret("key-" + here + "-" + ++keys),
            Policies.of(List.of()));
    fresh.standing = standing;
    Decision decision = reckoning.decide(standing, stamps, terms);
    overruled.addAll(decision.overruled());
    mine.agreed = decision.agreed();
    fresh.agreed = decision.agreed();
    fresh.acts.addAll(decision.acts());
    fresh.failed =
        !decision.settled() && decision.acts().stream().allMatch(Act.Hold.class::isInstance);
    return fresh;
  }

  private void act(Entry mine, Run going) {
    Act act = going.acts.removeFirst();
    Standing seen = going.standing;
    if (act.site().equals(here) && seen != null && !seen.still(here, sites.look(here).look(here))) {
      going.acts.clear();
      going.failed = true;
    } else if (sites.act(here, act)) {
      going.acted = true;
      going.agreed = going.agreed.map(before -> before.after(act));
      mine.agreed = going.agreed;
    } else {
      going.failed = true;
    }
  }
}
