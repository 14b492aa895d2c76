package io.cotidal.simulator;

import io.cotidal.engine.Kind;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;

/**
 * Where the fake world keeps the rules that the real one keeps. A test that wants to see a rule
 * bite decorates these; nothing of this exists in production code.
 */
class Rules {
  /** The planners under test. */
  Kind<PostgresSpec, PgFacts> kind(Kind<PostgresSpec, PgFacts> real) {
    return real;
  }

  /** Whether a gate that remembers {@code held} refuses an act under {@code offered}. */
  boolean gateRefuses(Stamp held, Stamp offered) {
    return held.refuses(offered);
  }

  /** Whether a gate stores a newer stamp before it acts. */
  boolean gateStores(boolean stampOnly) {
    return true;
  }

  /** The stamp under which an operation acts. */
  Stamp stamp(Stamp offered) {
    return offered;
  }

  /** Whether a server is made a standby before it is started. */
  boolean startsDemoted() {
    return true;
  }

  /** Whether inspection is allowed to find that a step has taken effect. */
  boolean inspects() {
    return true;
  }

  /** Whether the receiver is stopped before the position is read. */
  boolean cutsOff() {
    return true;
  }

  /** Whether a fence kills before it says so. */
  boolean fences() {
    return true;
  }

  /** Whether a failover waits until a guard must have acted. */
  boolean awaitsGuards() {
    return true;
  }

  /** What an unavailable source is read as. */
  SourceAnswer unavailable(SourceAnswer.Unavailable answer, SourceAnswer.Members reachable) {
    return answer;
  }
}
