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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    Map<MemberId, String> resting = tools.rests().now(System.nanoTime());
    if (stamped.has(open) && alone(resting.keySet())) {
      // What can be done without the others was done when they failed.
      return new Carried(false, resting.keySet(), List.of());
    }
    try {
      Optional<Agreed> agreed = agreed(name, open.footing());
      for (int round = 1; ; round++) {
        Round now = new Round(new Task(name, open, told, deadline), agreed);
        boolean confirmed = now.run(resting);
        told.reached(now.turn().reached());
        boolean again = (now.turn().acted() && !confirmed) || now.turn().overtaken();
        if (!again || round == ROUNDS || deadline.over()) {
          return now.turn().carried(confirmed);
        }
        agreed = now.turn().agreed();
        resting = tools.rests().now(System.nanoTime());
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

  /** What is asked for. */
  private record Task(ContainerName name, Open open, Carried.Listener told, Deadline deadline) {}

  /** One look at all sites, and what follows from it. */
  private final class Round {
    private final Task task;
    private final Optional<Agreed> before;
    private Optional<Turn> turn = Optional.empty();

    Round(Task task, Optional<Agreed> before) {
      this.task = task;
      this.before = before;
    }

    Turn turn() {
      return turn.orElseThrow();
    }

    /**
     * Whether what was done has left nothing to do.
     *
     * @param resting sites that are not asked, with the reason
     */
    boolean run(Map<MemberId, String> resting)
        throws SwiftTrouble, IOException, InterruptedException {
      Standing seen = looked(resting);
      noted(seen, resting);
      Reckoning reckoning = new Reckoning(task.name(), sites.here(), asked(), before);
      Stamps.Known stamps =
          tools.stamps().read(task.open(), reckoning.beside(seen), task.deadline());
      Standing standing = seen.without(stamps.doubtful());
      Decision decision = reckoning.decide(standing, stamps.stamps(), terms());
      tools.conflicts().append(task.name(), decision.overruled(), task.deadline());
      Turn next =
          new Turn(
              task.name(),
              standing,
              decision,
              new Turn.Means(
                  sites,
                  tools.rests(),
                  (look, call) -> tools.own().act(task.open(), look, call),
                  this::keep,
                  task.told()));
      turn = Optional.of(next);
      if (!decision.agreed().equals(before)) {
        keep(decision.agreed());
      }
      next.run(task.deadline());
      return confirmed(next, stamps);
    }

    /** Leaves the stamp meanwhile, of which nothing that is seen depends. */
    private Standing looked(Map<MemberId, String> resting)
        throws SwiftTrouble, InterruptedException {
      if (stamped.has(task.open())) {
        return heads.read(task.open(), placing.get(), before, resting, task.deadline());
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Boolean> left = threads.submit(this::stamp);
        Standing seen = heads.read(task.open(), placing.get(), before, resting, task.deadline());
        boolean _ = left.get();
        return seen;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SwiftTrouble trouble) {
          throw trouble;
        }
        throw new IllegalStateException("a stamp was left in a way that is not foreseen", e);
      }
    }

    /** Whoever decides elsewhere must find it before we change anything there. */
    private boolean stamp() throws SwiftTrouble {
      tools.stamps().leave(task.open(), task.deadline());
      stamped.note(task.open());
      return true;
    }

    /**
     * Whether, by what the sites have answered, nothing is left to do. This site is looked at once
     * more: what another gateway had brought from here before we wrote may be what we wrote over.
     */
    private boolean confirmed(Turn done, Stamps.Known stamps)
        throws SwiftTrouble, InterruptedException {
      Optional<Standing> outcome = done.outcome();
      if (outcome.isEmpty()) {
        return false;
      }
      Look own = heads.own(task.open(), done.agreed(), task.deadline()).look();
      return new Reckoning(task.name(), sites.here(), asked(), done.agreed())
          .over(outcome.get().with(sites.here(), own), stamps.stamps(), terms());
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
      return !(task.open().footing() instanceof Footing.Unasked);
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
              ? new Footing.Known(AgreedText.write(task.name(), agreed.get()))
              : new Footing.Nothing();
      if (agreed.isEmpty() && !asked()) {
        return;
      }
      try {
        outbox
            .kept(task.open().subject(), footing)
            .toCompletableFuture()
            .get(Math.max(1, task.deadline().left().toMillis()), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IOException(String.valueOf(e.getCause()), e);
      } catch (TimeoutException e) {
        throw new IOException("the disk of the outbox is too slow", e);
      }
    }
  }
}
