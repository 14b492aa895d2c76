package io.cotidal.app.reload;

import io.cotidal.engine.SpecStore;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.Accord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The configurations of record. A daemon that is elected may manage a resource with what is of
 * record, with a newer version of the very file that is of record, or with what somebody has told
 * it to apply. Thread-safe.
 */
public final class Records implements Accord {
  private static final int MOST_KEYS = 5;

  private final SpecStore store;
  private final Origin origin;
  private final InstantSource clock;
  private final Notes notes;
  private final Map<ResourceId, Fingerprint> running = new ConcurrentHashMap<>();
  private final Map<ResourceId, Told> told = new ConcurrentHashMap<>();

  /**
   * Somebody's word to manage a resource with what runs here. It was given in sight of one record,
   * and holds against no other: another daemon may have led since, with something newer.
   *
   * @param generation of that record; 0 if there was none
   */
  private record Told(Actor actor, long generation) {}

  /**
   * Where this daemon has its configuration from.
   *
   * @param file with its machine
   * @param alone whether no other daemon can have the same store, so that nobody can differ
   */
  public record Origin(String file, boolean alone) {}

  /** Nothing runs yet. */
  public Records(SpecStore store, Origin origin, InstantSource clock, Notes notes) {
    this.store = store;
    this.origin = origin;
    this.clock = clock;
    this.notes = notes;
  }

  /** What this daemon runs of a resource from now on. */
  void running(ResourceId id, Fingerprint fingerprint) {
    running.put(id, fingerprint);
  }

  /**
   * Somebody has told this daemon to manage the resource with what it runs.
   *
   * @throws RuntimeException if what is of record cannot be read now; nothing was told then
   */
  void told(ResourceId id, Actor actor) {
    told.put(id, new Told(actor, generation(store.spec(id))));
  }

  private static long generation(Optional<SpecStore.Spec> of) {
    return of.map(SpecStore.Spec::generation).orElse(0L);
  }

  private Optional<Actor> word(ResourceId id, Optional<SpecStore.Spec> of) {
    return Optional.ofNullable(told.get(id))
        .filter(word -> word.generation() == generation(of))
        .map(Told::actor);
  }

  /** This daemon runs it no more. */
  void forget(ResourceId id) {
    running.remove(id);
    told.remove(id);
  }

  /**
   * Of a resource that is not configured, a template of a folder for example, nothing is of record.
   */
  @Override
  public Optional<String> objection(ResourceId id) {
    Fingerprint mine = running.get(id);
    if (mine == null) {
      return Optional.empty();
    }
    Optional<SpecStore.Spec> of = store.spec(id);
    if (of.isPresent() && agrees(of.get(), mine)) {
      told.remove(id);
      return Optional.empty();
    }
    if (of.isPresent() && !mayReplace(id, of.get())) {
      return Optional.of(objection(of.get(), mine));
    }
    return take(id, of, mine)
        ? Optional.empty()
        : Optional.of("another daemon has changed its configuration this very moment");
  }

  private boolean mayReplace(ResourceId id, SpecStore.Spec of) {
    return origin.alone()
        || of.origin().equals(origin.file())
        || word(id, Optional.of(of)).isPresent();
  }

  private static boolean agrees(SpecStore.Spec of, Fingerprint mine) {
    return !of.released() && of.digest().equals(mine.digest());
  }

  private String objection(SpecStore.Spec of, Fingerprint mine) {
    String record = "generation " + of.generation() + " of " + of.origin() + ", " + when(of);
    return of.released()
        ? "it was released (" + record + "); to manage it again, run cot apply here"
        : "its configuration here differs from the one of record ("
            + record
            + ") in "
            + some(differences(of, mine))
            + "; make them equal, or run cot apply here";
  }

  private boolean take(ResourceId id, Optional<SpecStore.Spec> before, Fingerprint mine) {
    Actor actor = word(id, before).orElse(Actor.COTIDAL);
    boolean taken = store.put(next(id, before, new Word(mine, actor, false)));
    if (taken) {
      told.remove(id);
      before.ifPresent(of -> notes.add(id, actor, sentence(of, mine)));
    }
    return taken;
  }

  private String sentence(SpecStore.Spec before, Fingerprint mine) {
    return before.released()
        ? "managed again, with " + origin.file()
        : "generation "
            + (before.generation() + 1)
            + " of its configuration, from "
            + origin.file()
            + ": "
            + some(differences(before, mine));
  }

  /**
   * Writes down that nobody shall manage it.
   *
   * @return false if another daemon has written in between
   */
  boolean release(ResourceId id, Actor actor) {
    Fingerprint nothing = Fingerprint.of(Map.of());
    return store.put(next(id, store.spec(id), new Word(nothing, actor, true)));
  }

  /** What is to be of record, and on whose word. */
  private record Word(Fingerprint fingerprint, Actor actor, boolean released) {}

  private SpecStore.Spec next(ResourceId id, Optional<SpecStore.Spec> before, Word word) {
    return new SpecStore.Spec(
        id,
        before.map(SpecStore.Spec::generation).orElse(0L) + 1,
        word.fingerprint().digest(),
        word.fingerprint().keys(),
        word.released(),
        origin.file(),
        word.actor().name(),
        ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
  }

  /** Whether what would run is what is of record; so it is if nothing would run and nothing is. */
  boolean ofRecord(ResourceId id, Optional<Fingerprint> would) {
    Optional<SpecStore.Spec> of = store.spec(id);
    return would.isPresent()
        ? of.isPresent() && agrees(of.get(), would.get())
        : of.isEmpty() || of.get().released();
  }

  /** All that is of record. */
  Collection<SpecStore.Spec> all() {
    return store.specs();
  }

  /** The keys in which what runs here differs; empty if nothing of it runs here. */
  Collection<String> differences(SpecStore.Spec of) {
    Fingerprint mine = running.get(of.resource());
    return mine == null || of.released() ? List.of() : differences(of, mine);
  }

  private static Collection<String> differences(SpecStore.Spec of, Fingerprint mine) {
    return Fingerprint.parse(of.keys()).differences(mine);
  }

  /** Whether this daemon has nothing else than that. */
  boolean agrees(SpecStore.Spec of) {
    Fingerprint mine = running.get(of.resource());
    return mine == null ? of.released() : agrees(of, mine);
  }

  private static String some(Collection<String> keys) {
    String first = keys.stream().limit(MOST_KEYS).collect(Collectors.joining(", "));
    int more = keys.size() - MOST_KEYS;
    return first + (more > 0 ? " and " + more + " more" : "");
  }

  private static Instant when(SpecStore.Spec of) {
    return Instant.EPOCH.plus(of.micros(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
  }
}
