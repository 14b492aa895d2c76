package io.cotidal.objects.mover;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Reading;
import java.util.List;
import java.util.Optional;

/**
 * Where an object is read.
 *
 * @param versions by which ids it may be known; empty for the object itself
 * @param written that one, and no later one; empty if any will do
 * @param bytes how long it is thought to be
 * @param sites that have it
 */
record Origin(
    ContainerName container,
    String name,
    List<String> versions,
    Optional<Timestamp> written,
    long bytes,
    List<Desk> sites) {
  /** How a version of it is read; the first one is tried first. */
  Reading raw(int id) {
    Reading plain = Reading.raw(container, name);
    return versions.isEmpty() ? plain : plain.version(versions.get(id));
  }

  /** How many ids there are to try. */
  int ids() {
    return Math.max(1, versions.size());
  }

  /** For people. */
  @Override
  public String toString() {
    return container + "/" + name + (versions.isEmpty() ? "" : "@" + versions.getFirst());
  }
}
