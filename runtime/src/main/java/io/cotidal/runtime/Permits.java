package io.cotidal.runtime;

import io.cotidal.model.ResourceId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which resources an elected daemon leads, and which it must leave alone for their configuration's
 * sake. Thread-safe; its methods return at once.
 */
final class Permits {
  private static final Logger log = LoggerFactory.getLogger(Permits.class);

  private final Accord accord;
  private final BooleanSupplier held;
  private final Serial questions = new Serial("configurations");
  private final Map<ResourceId, String> refused = new ConcurrentSkipListMap<>();
  private final Set<ResourceLoop<?, ?>> waiting = ConcurrentHashMap.newKeySet();

  /**
   * Nothing has been asked yet.
   *
   * @param held whether this daemon is elected now
   */
  Permits(Accord accord, BooleanSupplier held) {
    this.accord = accord;
    this.held = held;
  }

  /**
   * Lets the loop lead as soon as nothing speaks against it. Asked again while that waits for its
   * turn, it changes nothing: answers may take longer than questions are apart.
   */
  void ask(ResourceLoop<?, ?> loop) {
    if (accord.equals(Accord.ALWAYS)) {
      loop.won();
    } else if (waiting.add(loop)) {
      questions.run(() -> {
        waiting.remove(loop);
        answer(loop);
      });
    }
  }

  private void answer(ResourceLoop<?, ?> loop) {
    ResourceId id = loop.id();
    Optional<String> objection = objection(id);
    if (!held.getAsBoolean()) {
      return;
    }
    if (objection.isEmpty()) {
      refused.remove(id);
      loop.won();
    } else if (!objection.get().equals(refused.put(id, objection.get()))) {
      log.warn("event=left-alone resource={} reason=\"{}\"", id, objection.get());
      loop.lost(objection.get());
    }
  }

  private Optional<String> objection(ResourceId id) {
    try {
      return accord.objection(id);
    } catch (RuntimeException e) {
      return Optional.of(
          "its configuration of record cannot be read ("
              + Failures.sentence(e)
              + "); it is left alone until it can");
    }
  }

  /** What must be left alone now, and why. */
  SortedMap<ResourceId, String> refused() {
    return new TreeMap<>(refused);
  }

  /** Of that one nothing is known, nor from an answer that is still to come. */
  void forget(ResourceId id) {
    refused.remove(id);
    questions.run(() -> refused.remove(id));
  }

  /** Of none anything is known: this daemon is not elected. */
  void forget() {
    refused.clear();
  }
}
