package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The replica's own clone of a state repository. Nothing is ever checked out in it: commits are
 * pulled, files are read out of commits, and one commit is remembered as the one that was applied.
 * Thread-safe; further processes may use the same clone.
 */
public interface Repository {
  /**
   * Pulls, and says where the branch is. If that fails, what was known stays known.
   *
   * @throws RepositoryException if nothing could be pulled, or what came is not to be taken
   */
  Pulled pull(Deadline deadline) throws RepositoryException, InterruptedException;

  /**
   * What the last pull said that went well, or what the clone held when the first was tried; empty
   * before that.
   */
  Optional<Pulled> known();

  /**
   * What lies in a commit, in the order of paths. Links and nested repositories are refused by
   * name, and so are names that no file of a job has.
   *
   * @param commit the full identifier
   */
  Listing entries(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException;

  /** The same entries, all with their size. */
  List<Entry> sized(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException;

  /**
   * The contents of files, by path. The caller sees to it that they fit in memory: all have been
   * {@link #sized}.
   *
   * @throws RepositoryException also if one of them is not there or has another size
   */
  SortedMap<String, byte[]> read(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException;

  /**
   * Remembers a commit as the one that was applied, for good. It only moves forward; back only if
   * the history was rewritten, and then only within what was pulled.
   *
   * @throws RepositoryException if it would move back, or somebody else moved it meanwhile
   */
  void applied(String commit, Deadline deadline) throws RepositoryException, InterruptedException;
}
