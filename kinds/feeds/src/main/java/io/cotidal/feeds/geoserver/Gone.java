package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.job.Subject;
import java.util.Set;

/** What a GeoServer shall not have any more. */
public sealed interface Gone {
  /** What it is about. */
  Subject subject();

  /**
   * A layer of any sort, with its own styles and its tiles, and the datastore of its workspace if
   * nothing else uses it. Groups must have let go of it before.
   *
   * @param store name of its store; empty for the workspace's own datastore
   */
  record Layer(Subject subject, String store) implements Gone {}

  /** A live store or a WMS store; it must be empty. */
  record Store(Subject subject) implements Gone {}

  /** A group with its tiles. */
  record Group(Subject subject) implements Gone {}

  /** A workspace, if nothing is left in it; else it stays. */
  record Workspace(Subject subject) implements Gone {}

  /** Rules of these resources. */
  record Rules(Subject subject, Set<String> resources) implements Gone {
    /** Copies the set. */
    public Rules {
      resources = Set.copyOf(resources);
    }
  }
}
