package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A host on paper: places with folder, server and secret, each behind a gate of its own, and the
 * rules that nobody may break. An act has two halves, so that it can be interrupted between them.
 */
final class PaperHost {
  static final String BESIDE = "beside";

  /** What lies at a place. */
  static final class Place {
    boolean whole;
    Standing server = Standing.GONE;
    String generation = "";
    String owner = "";
    long madeMicros;
  }

  /** Loading this dump fails. */
  static final String BAD_DUMP = "/dumps/bad.sql";

  final SortedMap<String, Place> places = new TreeMap<>();
  final SortedMap<String, Stamp> gates = new TreeMap<>();

  /** Rules that were broken; a test holds them to be none. */
  final List<String> wrong = new ArrayList<>();

  final Rows store;
  long micros;
  int refused;
  boolean publishes = true;
  @Nullable String deadSpare;
  String dump = "/dumps/good.sql";
  String fingerprint = "1";

  PaperHost(Rows store) {
    this.store = store;
  }

  /** What the host's side of an act under {@code stamp} says before it does anything. */
  @Nullable Stamp newer(String id, Stamp stamp) {
    Stamp known = gates.getOrDefault(id, Stamp.NONE);
    if (known.refuses(stamp)) {
      refused++;
      return known;
    }
    gates.put(id, stamp);
    return null;
  }

  /** The first half of an act: what it does before its last write. */
  @Nullable Outcome begin(Step step) {
    String id = step.arguments().need(Acts.ID);
    switch (step.act()) {
      case Acts.RESTORE -> place(id);
      case Acts.IMPORT -> {
        place(id);
        if (step.arguments().need(Acts.DUMP).equals(BAD_DUMP)) {
          places.remove(id);
          return new Outcome.Failed("line 7 of the dump is broken");
        }
      }
      case Acts.MAKE, Acts.SPARE -> {
        if (!copyable(step.arguments().need(Acts.GENERATION))) {
          return new Outcome.Failed("no generation " + step.arguments().need(Acts.GENERATION));
        }
        place(id).server = Standing.RUNNING;
      }
      case Acts.COMPARE -> {
        place(step.arguments().need(BESIDE)).server = Standing.RUNNING;
      }
      case Acts.RESET -> {
        if (!copyable(step.arguments().need(Acts.GENERATION)) || !places.containsKey(id)) {
          return new Outcome.Failed("nothing to reset " + id + " from");
        }
        there(id).whole = false;
        there(id).server = Standing.GONE;
      }
      case Acts.REMOVE -> {
        needed(id);
        Place place = places.get(id);
        if (place != null) {
          place.whole = false;
          place.server = Standing.GONE;
        }
      }
      default -> {}
    }
    return null;
  }

  private Place place(String id) {
    Place place = new Place();
    place.madeMicros = micros;
    places.put(id, place);
    return place;
  }

  private Place there(String id) {
    return places.getOrDefault(id, new Place());
  }

  private boolean copyable(String generation) {
    boolean whole = there(generation).whole;
    boolean ready =
        store.items().values().stream()
            .anyMatch(item -> item.is(Shelf.READY) && Shelf.id(item).equals(generation));
    if (ready && !whole) {
      wrong.add("generation " + generation + " says ready and is not whole");
    }
    return whole;
  }

  /** Where the generation of that name lies. */
  String lies(String generation) {
    Item item = store.items().get(Item.key(Shelf.GENERATION, generation));
    return item == null ? "" : Shelf.id(item);
  }

  /** Nothing that somebody uses is removed. */
  private void needed(String id) {
    if (id.equals(lies(store.ledger().get(Shelf.CURRENT, "")))) {
      wrong.add("the current generation " + id + " is removed");
    }
    for (Item item : store.items().values()) {
      if (item.is(Shelf.READY) && item.sort().equals(Shelf.COPY) && Shelf.id(item).equals(id)) {
        wrong.add("copy " + item.name() + " is ready, and its place " + id + " is removed");
      }
      if (!item.sort().equals(Shelf.GENERATION) && lies(Shelf.generation(item)).equals(id)) {
        wrong.add(item.key() + " rests on " + id + ", which is removed");
      }
    }
  }

  /** The second half, and what came of it. */
  Outcome end(Step step) {
    String id = step.arguments().need(Acts.ID);
    Place place = places.get(id);
    return switch (step.act()) {
      case Acts.IMPORT, Acts.RESTORE -> {
        there(id).whole = true;
        yield new Outcome.Done(Details.of(Acts.BYTES, 7).with(Acts.HASH, "ab"));
      }
      case Acts.PUBLISH ->
          publishes && there(id).whole
              ? new Outcome.Done(Details.NONE)
              : new Outcome.Failed(id + " cannot be published");
      case Acts.MAKE -> made(step, Standing.RUNNING, step.arguments().need(Acts.NAME));
      case Acts.SPARE -> made(step, Standing.PAUSED, "");
      case Acts.HAND_OUT -> {
        if (!there(id).whole || id.equals(deadSpare) || there(id).server == Standing.GONE) {
          yield new Outcome.Failed("the spare " + id + " does not answer");
        }
        there(id).server = Standing.RUNNING;
        there(id).owner = step.arguments().need(Acts.NAME);
        yield new Outcome.Done(reached());
      }
      case Acts.RESET -> made(step, Standing.RUNNING, there(id).owner);
      case Acts.START -> {
        if (!there(id).whole) {
          yield new Outcome.Failed(id + " is not whole: reset or delete it");
        }
        there(id).server = Standing.RUNNING;
        yield new Outcome.Done(reached());
      }
      case Acts.STOP -> {
        if (place == null) {
          yield new Outcome.Failed("no place " + id);
        }
        place.server = Standing.GONE;
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.REMOVE -> {
        needed(id);
        places.remove(id);
        yield new Outcome.Done(Details.NONE);
      }
      case Acts.COMPARE -> {
        if (!places.containsKey(step.arguments().need(BESIDE))) {
          wrong.add("what a comparison stands on was removed under it");
        }
        yield new Outcome.Done(Details.of("equal", 3));
      }
      default -> throw new AssertionError(step);
    };
  }

  private Outcome made(Step step, Standing standing, String owner) {
    Place place = there(step.arguments().need(Acts.ID));
    place.whole = true;
    place.server = standing;
    place.owner = owner;
    place.generation = step.arguments().need(Acts.GENERATION);
    return new Outcome.Done(reached());
  }

  private static Details reached() {
    return Details.of(Acts.HOST, "h").with(Acts.PORT, 20_001).with(Acts.METHOD, "paper");
  }

  /** As the driver's acts inspect themselves. */
  Inspection inspect(Step step, Stamp stamp) {
    String id = step.arguments().need(Acts.ID);
    if (newer(id, stamp) != null) {
      return new Inspection.Unknown("the place follows a newer stamp than " + stamp);
    }
    Place place = there(id);
    boolean applied =
        switch (step.act()) {
          case Acts.IMPORT, Acts.RESTORE -> place.whole;
          case Acts.MAKE, Acts.SPARE -> place.whole && place.server != Standing.GONE;
          case Acts.HAND_OUT ->
              place.whole
                  && place.owner.equals(step.arguments().need(Acts.NAME))
                  && place.server == Standing.RUNNING;
          case Acts.STOP -> place.server == Standing.GONE;
          case Acts.REMOVE -> !places.containsKey(id);
          default -> false;
        };
    return applied
        ? new Inspection.Applied(
            step.act().equals(Acts.IMPORT) ? Details.of(Acts.HASH, "ab") : reached())
        : new Inspection.NotApplied("it is not there");
  }

  CopiesFacts look() {
    SortedMap<String, CopiesFacts.Server> servers = new TreeMap<>();
    TreeSet<String> old = new TreeSet<>();
    places.forEach((id, place) -> {
      if (place.server != Standing.GONE || (place.whole && id.startsWith("c"))) {
        servers.put(id, new CopiesFacts.Server(place.server, 0, 0));
      }
      if (micros - place.madeMicros > 60_000_000) {
        old.add(id);
      }
    });
    return new CopiesFacts(
        "paper",
        1L << 40,
        1L << 41,
        1L << 40,
        2,
        true,
        servers,
        old,
        dump.isEmpty()
            ? Optional.empty()
            : Optional.of(new CopiesFacts.DumpSeen(dump, 7, fingerprint)),
        new TreeSet<>());
  }
}
