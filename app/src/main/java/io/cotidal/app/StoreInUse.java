package io.cotidal.app;

import io.cotidal.app.config.StorePlace;
import io.cotidal.app.directory.OwnStore;
import java.util.Optional;

/** Whether a daemon works with a store. */
final class StoreInUse {
  private StoreInUse() {}

  /**
   * Who works with it, and what to do then; empty if nobody does, or nobody can tell before the
   * election.
   */
  static Optional<String> by(StorePlace store) {
    return switch (store) {
      case StorePlace.File file -> OwnStore.holder(file.lock());
      case StorePlace.Server _ -> Optional.empty();
    };
  }
}
