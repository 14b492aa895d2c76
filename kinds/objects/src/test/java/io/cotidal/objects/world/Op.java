package io.cotidal.objects.world;

import io.cotidal.objects.names.Timestamp;
import java.util.Set;

/**
 * What a client did, and was told that it is done.
 *
 * @param hash empty if it is a deletion
 * @param past all that was known where it was done, and that it replaced
 */
record Op(int id, String name, Timestamp at, String hash, Set<Op> past) {
  boolean deletion() {
    return hash.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Op op && op.id == id;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return (deletion() ? "delete " : "write ") + name + " " + at + " " + hash;
  }
}
