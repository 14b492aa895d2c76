package io.cotidal.sources.asking;

import io.cotidal.sources.port.SourceAnswer;
import io.cotidal.sources.port.SourceAnswer.Members;
import java.util.Optional;
import java.util.Set;

/** Whether there is anything to tell. */
final class News {
  private News() {}

  /** Whether both name the same members; their order is no news. */
  static boolean same(Optional<SourceAnswer> told, Members now) {
    return told.isPresent()
        && told.get() instanceof Members before
        && Set.copyOf(before.found()).equals(Set.copyOf(now.found()));
  }
}
