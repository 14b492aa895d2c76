package io.cotidal.copies.steps;

import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.ResourceId;
import java.util.Optional;

/** Where data of clusters comes from. */
@FunctionalInterface
public interface SnapshotSources {
  /** The source of that name; empty if there is none. */
  Optional<SnapshotSource> of(ResourceId resource);
}
