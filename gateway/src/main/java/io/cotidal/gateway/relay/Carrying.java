package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Footing;
import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.AgreedText;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Situation;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Makes one container the same at all its sites, as far as they can be reached. Thread-safe. */
final class Carrying {
  private static final int ROUNDS = 4;
  private static final int KEY_BYTES = 32;

  private final Sites sites;
  private final Outbox outbox;
  private final Supplier<Placing> placing;
  private final Tools tools;
  private final Heads heads;
  private final Stamped stamped = new Stamped();
  private final SecureRandom chance = new SecureRandom();

  /**
   * What else is needed.
   *
   * @param tombstones for so long a deletion is remembered at least
   */
  record Tools(
      Stamps stamps,
      Conflicts conflicts,
      Rests rests,
      OwnSite own,
      Duration tombstones,
      InstantSource clock) {}

  Carrying(Sites sites, Outbox outbox, Supplier<Placing> placing, Tools tools) {
    this.sites = sites;
    this.outbox = outbox;
    this.placing = placing;
    this.tools = tools;
    this.heads = new Heads(sites, tools.own());
  }

  /**
   * Carries it, in a few rounds: until nothing is to be done, or nothing more can be.
   *
   * @param told how far it has come, after each round
   */
  Carried carry(ContainerName name, Open open, Carried.Listener told, Deadline deadline)
      throws InterruptedException {
    Set<MemberId> resting = tools.rests().now(System.nanoTime()).keySet();
    if (stamped.has(open) && alone(resting)) {
      // What can be done without the others was done when they failed.
      return new Carried(false, resting, List.of());
    }
    try {
      // Whoever decides elsewhere must find our stamp before we change anything there.
      if (!stamped.has(open)) {
        tools.stamps().leave(open, deadline);
        stamped.note(open);
      }
      Optional<Agreed> agreed = agreed(name, open.footing());
      for (int round = 1; ; round++) {
        Round now = new Round(name, open, agreed, deadline);
        now.run();
        told.reached(now.turn().reached());
        boolean again = now.turn().acted() || now.turn().overtaken();
        if (!again || round == ROUNDS || deadline.over()) {
          return now.turn().carried();
        }
        agreed = now.turn().agreed();
      }
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      if (e.siteWide()) {
        tools.rests().failed(sites.here(), e.getMessage(), System.nanoTime());
      }
      return Carried.nothing(sites.here(), e.getMessage());
    } catch (IOException e) {
      return Carried.nothing(sites.here(), String.valueOf(e.getMessage()));
    }
  }

  /** Whether this site is the only one that can be asked now. */
  private boolean alone(Set<MemberId> resting) {
    Set<MemberId> others = new HashSet<>(placing.get().sites().keySet());
    others.remove(sites.here());
    return !others.isEmpty() && resting.containsAll(others);
  }

  private static Optional<Agreed> agreed(ContainerName name, Footing footing) throws IOException {
    return switch (footing) {
      case Footing.Known known -> {
        try {
          yield Optional.of(AgreedText.read(name, known.agreed()));
        } catch (IllegalArgumentException e) {
          throw new IOException("what was agreed of " + name + " " + e.getMessage(), e);
        }
      }
      case Footing.Unasked _, Footing.Nothing _ -> Optional.empty();
    };
  }

  /** One look at all sites, and what follows from it. */
  private final class Round {
    private final ContainerName name;
    private final Open open;
    private final Optional<Agreed> before;
    private final Deadline deadline;
    private Optional<Turn> turn = Optional.empty();

    Round(ContainerName name, Open open, Optional<Agreed> before, Deadline deadline) {
      this.name = name;
      this.open = open;
      this.before = before;
      this.deadline = deadline;
    }

    Turn turn() {
      return turn.orElseThrow();
    }

    void run() throws IOException, InterruptedException {
      Map<MemberId, String> resting = tools.rests().now(System.nanoTime());
      Standing seen = heads.read(open, placing.get(), before, resting, deadline);
      noted(seen, resting);
      Reckoning reckoning = new Reckoning(name, sites.here(), asked(), before);
      Stamps.Known stamps = tools.stamps().read(open, reckoning.beside(seen), deadline);
      Standing standing = seen.without(stamps.doubtful());
      Decision decision = reckoning.decide(standing, stamps.stamps(), terms());
      tools.conflicts().append(name, decision.overruled(), deadline);
      Turn next =
          new Turn(
              name,
              standing,
              decision,
              new Turn.Means(
                  sites,
                  tools.rests(),
                  (look, call) -> tools.own().act(open, look, call),
                  this::keep));
      turn = Optional.of(next);
      if (!decision.agreed().equals(before)) {
        keep(decision.agreed());
      }
      next.run(deadline);
    }

    private void noted(Standing seen, Map<MemberId, String> resting) {
      for (MemberId site : seen.sites()) {
        if (seen.silent().contains(site)) {
          if (!resting.containsKey(site) && seen.look(site) instanceof Look.Unknown unknown) {
            tools.rests().failed(site, unknown.reason(), System.nanoTime());
          }
        } else {
          tools.rests().answered(site);
        }
      }
    }

    private boolean asked() {
      return !(open.footing() instanceof Footing.Unasked);
    }

    private Situation.Terms terms() {
      byte[] key = new byte[KEY_BYTES];
      chance.nextBytes(key);
      return new Situation.Terms(
          Timestamp.of(tools.clock().instant()),
          tools.tombstones(),
          new Secret(HexFormat.of().formatHex(key)),
          sites.policies());
    }

    /** On the disk when this returns. */
    private void keep(Optional<Agreed> agreed) throws IOException, InterruptedException {
      Footing footing =
          agreed.isPresent()
              ? new Footing.Known(AgreedText.write(name, agreed.get()))
              : new Footing.Nothing();
      if (agreed.isEmpty() && !asked()) {
        return;
      }
      try {
        outbox
            .kept(open.subject(), footing)
            .toCompletableFuture()
            .get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IOException(String.valueOf(e.getCause()), e);
      } catch (TimeoutException e) {
        throw new IOException("the disk of the outbox is too slow", e);
      }
    }
  }
}
