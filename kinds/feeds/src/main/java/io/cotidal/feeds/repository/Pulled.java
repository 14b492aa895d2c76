package io.cotidal.feeds.repository;

import java.util.Optional;

/**
 * Where a branch is, and how far this replica has come.
 *
 * @param head the newest commit of the branch, by ancestry and not by time
 * @param applied the commit that was applied last; empty if none ever was
 * @param behind how many commits are in head but not in what was applied
 * @param headTimeSeconds when head was committed, as its author's clock says; seconds since 1970
 * @param rewritten whether what was applied is no ancestor of head: somebody rewrote the history
 */
public record Pulled(
    String head, Optional<String> applied, int behind, long headTimeSeconds, boolean rewritten) {
  /** Whether all that was pulled is applied. */
  public boolean current() {
    return applied.filter(head::equals).isPresent();
  }
}
