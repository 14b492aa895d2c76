package io.cotidal.postgres.compat;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.Optional;

/**
 * What HandyRep's functions are served from, for one caller: clusters that the caller may see, and
 * what the caller may ask of them.
 */
public interface HandyrepDesk {
  /** The cluster of that name; empty if there is none, or none that the caller may see. */
  Optional<Cluster> cluster(String name);

  /** Whether the caller may change anything. */
  boolean changes();

  /** What can be asked of clusters. */
  List<Action> actions();

  /**
   * Asks for an operation, and waits for its end as long as a client would.
   *
   * @param key makes a repetition answer with the operation that was begun first
   */
  Ran run(Cluster cluster, String action, Details input, Optional<String> key)
      throws InterruptedException;

  /** The latest events of the cluster, newest first. */
  List<Event> log(Cluster cluster, int limit);

  /** Takes up a changed configuration. */
  Ran reload();

  /** A cluster as it is wanted and as it is seen. */
  record Cluster(PostgresSpec spec, ResourceView view) {}

  /**
   * What came of it.
   *
   * @param done whether it ended well
   * @param details one line
   */
  record Ran(boolean done, String details) {}
}
