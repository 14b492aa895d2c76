package io.cotidal.runtime;

import io.cotidal.model.ResourceId;
import java.util.Optional;

/**
 * Whether this daemon may manage a resource with the configuration that it has: another daemon may
 * have led it with another one. Thread-safe.
 */
@FunctionalInterface
public interface Accord {
  /** Nobody else has another configuration. */
  Accord ALWAYS = id -> Optional.empty();

  /**
   * Why this daemon must leave the resource alone, in one sentence; empty if it may manage it.
   * Asked whenever it wins the election, and again and again while it must not. May block.
   *
   * @throws RuntimeException if that cannot be found out now; it leaves the resource alone then
   */
  Optional<String> objection(ResourceId id);
}
