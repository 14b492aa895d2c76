package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;

/** Waits for a change to come to other sites. */
@FunctionalInterface
public interface Follower {
  /** It has come so far. Called again when it has come further; must not block. */
  void reached(Reached reached);
}
