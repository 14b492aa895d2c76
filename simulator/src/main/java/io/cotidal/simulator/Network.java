package io.cotidal.simulator;

import java.util.HashMap;
import java.util.Map;

/**
 * Who reaches whom: one-way cuts between named places, counted so that overlapping faults heal
 * independently.
 */
final class Network {
  private final Map<String, Integer> cuts = new HashMap<>();

  void cut(String from, String to) {
    cuts.merge(from + '>' + to, 1, Integer::sum);
  }

  void heal(String from, String to) {
    cuts.merge(from + '>' + to, -1, Integer::sum);
  }

  /** Whether a message gets from one place to the other. */
  boolean passes(String from, String to) {
    return cuts.isEmpty() || cuts.getOrDefault(from + '>' + to, 0) <= 0;
  }

  /** Whether messages pass both ways. */
  boolean connected(String one, String other) {
    return passes(one, other) && passes(other, one);
  }

  void healAll() {
    cuts.clear();
  }
}
