package io.cotidal.copies.steps;

import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.ResourceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where data of clusters comes from. */
public interface SnapshotSources {
  /** The source of that name; empty if there is none. */
  Optional<SnapshotSource> of(ResourceId resource);

  /** What the cluster of that name archives; empty if nobody manages it, or it has no folder. */
  Optional<ArchiveSource> archive(ResourceId resource);

  /**
   * An archive in folders.
   *
   * @param folders its repositories, in the order in which they are asked; at least one
   */
  ArchiveSource archive(List<Path> folders);
}
