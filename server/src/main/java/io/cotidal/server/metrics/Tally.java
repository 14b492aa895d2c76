package io.cotidal.server.metrics;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts operations as they end, each once, from the moment on at which it first saw their
 * resource. Thread-safe.
 */
final class Tally {
  private final Map<ResourceId, Map<Long, Boolean>> ended = new HashMap<>();
  private final SortedMap<Key, Long> counts = new TreeMap<>(Key.ORDER);

  /** Operations of one type that ended in one way. */
  record Key(ResourceId resource, String type, String result) {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::resource).thenComparing(Key::type).thenComparing(Key::result);
  }

  /** Looks for operations that have ended since the last look at the resource. */
  synchronized void look(ResourceView view, ResultWord word) {
    Map<Long, Boolean> before = ended.get(view.id());
    Map<Long, Boolean> after = new HashMap<>();
    for (Operation operation : view.operations()) {
      boolean isEnded = operation.state().ended();
      after.put(operation.number(), isEnded);
      boolean counted = before == null || before.getOrDefault(operation.number(), false);
      if (isEnded && !counted) {
        counts.merge(new Key(view.id(), operation.type(), word.of(operation)), 1L, Long::sum);
      }
    }
    ended.put(view.id(), after);
  }

  /** What has been counted so far. */
  synchronized SortedMap<Key, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** Names how an operation ended. */
  interface ResultWord {
    /** The word for its state. */
    String of(Operation operation);
  }
}
