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
    count(from, to, 1);
  }

  void heal(String from, String to) {
    count(from, to, -1);
  }

  /** Where no cut is left nothing is kept: most of the time everybody reaches everybody. */
  private void count(String from, String to, int more) {
    cuts.merge(from + '>' + to, more, (have, one) -> have + one == 0 ? null : have + one);
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
