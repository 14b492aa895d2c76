package io.cotidal.app.reload;

import io.cotidal.app.kinds.Wing;
import io.cotidal.model.ResourceId;
import io.cotidal.server.Reconfiguration.Change;
import io.cotidal.server.Reconfiguration.How;
import io.cotidal.server.Reconfiguration.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What differs between what runs and what is wanted. Pure.
 *
 * @param possible what can change while the daemon runs: first who is let go of, then who changes,
 *     then who comes
 * @param restarts what cannot
 */
record Changes(List<One> possible, List<Change> restarts) {
  private static final String RESTART = "takes effect when the daemon is restarted";

  /** Copies the lists. */
  Changes {
    possible = List.copyOf(possible);
    restarts = List.copyOf(restarts);
  }

  /** What happens to one resource. */
  record One(ResourceId id, How how, List<String> lines) {
    One with(List<String> more) {
      return new One(id, how, Stream.concat(lines.stream(), more.stream()).toList());
    }

    Change planned() {
      return change(State.PLANNED, "");
    }

    Change applied() {
      return change(State.APPLIED, "");
    }

    Change busy() {
      return change(
          State.BUSY, "a step is under way and goes on as before; apply again when it has ended");
    }

    /** It could not be done; what ran before runs on, if anything did. */
    Change failed(String reason) {
      return change(State.BUSY, "not taken up (" + reason + "); see the log, and apply again");
    }

    private Change change(State state, String reason) {
      return new Change(id.toString(), how, state, reason, lines);
    }
  }

  /**
   * The differences.
   *
   * @param exchanges how resources of that one's kind change at run time, if they can
   */
  static Changes between(
      Parts before, Parts after, Function<ResourceId, Optional<Wing.Exchange>> exchanges) {
    List<One> released = new ArrayList<>();
    List<One> changed = new ArrayList<>();
    List<One> added = new ArrayList<>();
    List<Change> restarts = new ArrayList<>();
    SortedSet<ResourceId> ids = new TreeSet<>(before.resources().keySet());
    ids.addAll(after.resources().keySet());
    for (ResourceId id : ids) {
      Optional<One> one = one(id, before.resources().get(id), after.resources().get(id));
      if (one.isEmpty()) {
        continue;
      }
      if (exchanges.apply(id).isEmpty()) {
        restarts.add(one.get().change(State.RESTART, RESTART));
        continue;
      }
      switch (one.get().how()) {
        case RELEASED -> released.add(one.get());
        case CHANGED -> changed.add(one.get());
        case ADDED -> added.add(one.get());
      }
    }
    restarts.addAll(rest(before, after));
    released.addAll(changed);
    released.addAll(added);
    return new Changes(released, restarts);
  }

  private static Optional<One> one(ResourceId id, @Nullable Part before, @Nullable Part after) {
    if (before == null || after == null) {
      if (after != null) {
        return Optional.of(
            new One(id, How.ADDED, Part.differences(new TreeMap<>(), after.shown())));
      }
      return before == null ? Optional.empty() : Optional.of(new One(id, How.RELEASED, List.of()));
    }
    return before.wanted().equals(after.wanted())
        ? Optional.empty()
        : Optional.of(new One(id, How.CHANGED, before.to(after)));
  }

  private static List<Change> rest(Parts before, Parts after) {
    SortedSet<String> keys = new TreeSet<>(before.rest().keySet());
    keys.addAll(after.rest().keySet());
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      TreeMap<String, String> old = new TreeMap<>(before.rest());
      TreeMap<String, String> next = new TreeMap<>(after.rest());
      old.keySet().retainAll(List.of(key));
      next.keySet().retainAll(List.of(key));
      if (!old.equals(next)) {
        changes.add(
            new Change(key, How.CHANGED, State.RESTART, RESTART, Part.differences(old, next)));
      }
    }
    return changes;
  }

  /** The resources that become others while the daemon runs. */
  List<ResourceId> changing() {
    return possible.stream().filter(one -> one.how() == How.CHANGED).map(One::id).toList();
  }

  /** The same, with more lines about each of {@link #changing}. */
  Changes more(Function<ResourceId, List<String>> lines) {
    return new Changes(
        possible.stream()
            .map(one -> one.how() == How.CHANGED ? one.with(lines.apply(one.id())) : one)
            .toList(),
        restarts);
  }

  /** All of it, as what would be done. */
  List<Change> planned() {
    List<Change> all = new ArrayList<>();
    possible.forEach(one -> all.add(one.planned()));
    all.addAll(restarts);
    return all;
  }
}
