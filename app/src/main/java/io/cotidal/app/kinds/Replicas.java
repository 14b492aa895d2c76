package io.cotidal.app.kinds;

import io.cotidal.copies.steps.SnapshotSources;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.ResourceId;
import io.cotidal.postgres.steps.ArchiveFolders;
import io.cotidal.postgres.steps.PostgresDriver;
import io.cotidal.runtime.ControlPlane;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clusters of a daemon, as those see them who take data of their replicas or archives.
 * Thread-safe.
 */
public final class Replicas implements SnapshotSources {
  private final Map<ResourceId, SnapshotSource> sources = new ConcurrentHashMap<>();
  private final Map<ResourceId, ArchiveSource> archives = new ConcurrentHashMap<>();
  private volatile @Nullable ControlPlane daemon;

  /** None yet. */
  public Replicas() {}

  /** Another cluster. */
  public void add(ResourceId cluster, PostgresDriver driver) {
    sources.put(cluster, driver.snapshots(() -> view(cluster), InstantSource.system()));
    driver
        .archive()
        .ifPresentOrElse(found -> archives.put(cluster, found), () -> archives.remove(cluster));
  }

  /** A cluster that is managed no more. */
  public void remove(ResourceId cluster) {
    sources.remove(cluster);
    archives.remove(cluster);
  }

  /** From now on their state is known. */
  public void runBy(ControlPlane control) {
    daemon = control;
  }

  private Optional<ResourceView> view(ResourceId cluster) {
    ControlPlane control = daemon;
    return control == null ? Optional.empty() : control.resource(cluster);
  }

  @Override
  public Optional<SnapshotSource> of(ResourceId resource) {
    return Optional.ofNullable(sources.get(resource));
  }

  @Override
  public Optional<ArchiveSource> archive(ResourceId resource) {
    return Optional.ofNullable(archives.get(resource));
  }

  @Override
  public ArchiveSource archive(List<Path> folders) {
    return new ArchiveFolders(folders);
  }
}
