package io.cotidal.engine;

import io.cotidal.model.ResourceId;
import java.util.List;
import java.util.Optional;

/**
 * Which configuration each resource is managed with, for all daemons of one store. Without a value
 * of any of them. Thread-safe; a change is durable when its call returns.
 */
public interface SpecStore {
  /** The record of one resource, if it was ever managed. */
  Optional<Spec> spec(ResourceId resource);

  /** All records, by resource. */
  List<Spec> specs();

  /**
   * Keeps a record in the place of the one before.
   *
   * @return false if that is not of the generation before; nothing changes then
   */
  boolean put(Spec next);

  /**
   * A configuration of record.
   *
   * @param generation from 1; each record has the one after the one before
   * @param digest of all keys and values that daemons must have in common
   * @param keys a line each: a key, a blank, and a few digits of its value's digest; in the order
   *     of the keys
   * @param released whether nobody shall manage the resource
   * @param origin the file it came from, and its machine
   * @param actor who applied it
   * @param micros when, in wall time
   */
  record Spec(
      ResourceId resource,
      long generation,
      String digest,
      String keys,
      boolean released,
      String origin,
      String actor,
      long micros) {}
}
