package io.cotidal.feeds.job;

import java.util.Optional;

/**
 * The metadata documents that have been fetched from the master. Dumps and styles are not asked
 * for: what they hold is not needed to read a job.
 */
public interface Documents {
  /** None has been fetched. */
  Documents NONE = blob -> Optional.empty();

  /** The text of {@code blob}; empty if it has not been fetched. */
  Optional<String> find(Blob blob);
}
