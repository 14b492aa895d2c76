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
import java.util.Random;
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
    private final long version;
    private final Deque<Act> acts = new ArrayDeque<>();
    private boolean acted;
    private boolean failed;
    private boolean sure = true;
    private boolean decided;
    private Optional<Agreed> agreed = Optional.empty();
    private Map<MemberId, Timestamp> stamps = new HashMap<>();
    private final Standing standing;
    private Standing outcome;

    Run(Standing standing, long version) {
      this.standing = standing;
      this.outcome = standing;
      this.version = version;
    }
  }

  PaperGateway(MemberId here, PaperSites sites, long skew) {
    this.here = here;
    this.sites = sites;
    this.skew = skew;
  }

  boolean open() {
    return entry != null;
  }

  /**
   * A client changes it here, or deletes it, as chance will have it.
   *
   * @param write the number of the change, for its value
   */
  void client(long now, Random chance, int write) {
    String name = "x-container-meta-" + "abc".charAt(chance.nextInt(3));
    String value = chance.nextInt(4) == 0 ? "" : "v" + write;
    boolean there = sites.container(here).isPresent();
    boolean delete = there && chance.nextInt(5) == 0;
    client(
        now,
        () -> {
          if (delete) {
            sites.delete(here);
          } else {
            sites.put(here, Map.of(name, value));
          }
        });
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
      run = new Run(sites.look(here), mine.version);
    } else if (!going.decided) {
      decide(mine, going, now);
    } else if (!going.acts.isEmpty()) {
      act(mine, going);
    } else {
      boolean settled = going.acted ? confirmed(going, now) : !going.failed;
      if (settled && going.version == mine.version) {
        entry = null;
      }
      run = null;
    }
  }

  private void decide(Entry mine, Run going, long now) {
    sites.shelves.merge(here, mine.stamp, (a, b) -> a.after(b) ? a : b);
    Standing standing = going.standing;
    Reckoning reckoning = new Reckoning(BOX, here, true, mine.agreed);
    going.stamps.put(here, mine.stamp);
    for (MemberId site : reckoning.beside(standing)) {
      Timestamp stamp = sites.shelves.get(site);
      if (stamp != null) {
        going.stamps.put(site, stamp);
        if (clock.heard(stamp, new Timestamp(now)) instanceof HybridClock.Heard.Taken taken) {
          clock = taken.clock();
        }
      }
    }
    Decision decision = reckoning.decide(standing, going.stamps, terms(now));
    overruled.addAll(decision.overruled());
    mine.agreed = decision.agreed();
    going.agreed = decision.agreed();
    going.acts.addAll(decision.acts());
    going.failed =
        !decision.settled() && decision.acts().stream().allMatch(Act.Hold.class::isInstance);
    going.decided = true;
  }

  private Situation.Terms terms(long now) {
    return new Situation.Terms(
        new Timestamp(now),
        Duration.ofDays(14),
        new Secret("key-" + here + "-" + ++keys),
        Policies.of(List.of()));
  }

  /** Whether, by what the sites have answered, nothing is left to do. */
  private boolean confirmed(Run going, long now) {
    if (going.failed || !going.sure) {
      return false;
    }
    Standing stands = going.outcome.with(here, sites.look(here).look(here));
    return new Reckoning(BOX, here, true, going.agreed).over(stands, going.stamps, terms(now));
  }

  /** Whether somebody came between. A key alone takes nothing away from anybody but clients. */
  private boolean overtaken(Entry mine, Run going, boolean key) {
    return going.version != mine.version
        || (!key && !going.standing.still(here, sites.look(here).look(here)));
  }

  private void act(Entry mine, Run going) {
    Act act = going.acts.removeFirst();
    boolean there = sites.container(act.site()).isPresent();
    boolean key = act instanceof Act.Post post && post.keyOnly();
    if (act.site().equals(here) && overtaken(mine, going, key)) {
      going.acts.clear();
      going.failed = true;
    } else if (sites.act(here, act)) {
      going.acted = true;
      going.sure &= going.standing.tells(here, act, !there);
      going.outcome = going.outcome.after(act);
      going.agreed = going.agreed.map(before -> before.after(act));
      mine.agreed = going.agreed;
    } else {
      going.failed = true;
    }
  }
}
