package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What a clone of Mercurial holds, whoever pulls it. */
abstract sealed class HgFiles implements Repository permits HgHooked, HgRepository {
  final HgClone clone;
  final HgHistory history;
  final HgApplied applied;
  private final HgReading reading;

  /**
   * Of that clone.
   *
   * @param pending further environment: in a hook, what lets Mercurial see the open transaction
   */
  HgFiles(HgClone clone, Map<String, String> pending) {
    this.clone = clone;
    this.history = new HgHistory(clone, pending);
    this.reading = new HgReading(clone, pending);
    this.applied = new HgApplied(clone);
  }

  @Override
  public final Listing entries(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    return reading.entries(commit, deadline);
  }

  @Override
  public final List<Entry> sized(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    return reading.sized(commit, entries, deadline);
  }

  @Override
  public final SortedMap<String, byte[]> read(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    return reading.read(commit, entries, deadline);
  }
}
