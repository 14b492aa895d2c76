package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;

/** Opens state repositories. */
public final class Repositories {
  private Repositories() {}

  /**
   * Opens one; nothing is asked of anybody yet.
   *
   * @throws RepositoryException if its description cannot be right, or the folder for what lies
   *     there for a moment cannot be made
   */
  public static Repository open(Place place, LocalProcesses processes) throws RepositoryException {
    Branches.check(place.what().branch());
    Commands commands = commands(place, processes);
    return switch (place.what().tool()) {
      case GIT -> new GitRepository(new GitClone(place, commands));
      case HG -> {
        if (place.what().signers().isPresent()) {
          throw new RepositoryException(
              Kind.BROKEN,
              "repository %s: signatures are checked in Git only; leave the signers out, or move to Git"
                  .formatted(place.what().folder()));
        }
        yield new HgRepository(new HgClone(place, commands));
      }
    };
  }

  /**
   * Opens a Mercurial clone as its own hook sees it, before the transaction is closed.
   *
   * @throws RepositoryException as in {@link #open}
   */
  public static Repository open(Place place, HgHook hook, LocalProcesses processes)
      throws RepositoryException {
    Branches.check(place.what().branch());
    return new HgHooked(new HgClone(place, commands(place, processes)), hook);
  }

  private static Commands commands(Place place, LocalProcesses processes)
      throws RepositoryException {
    try {
      return new Commands(processes, Scratch.open(place.scratch()));
    } catch (IOException e) {
      throw new RepositoryException(
          Kind.BROKEN,
          "the folder %s cannot be used: %s".formatted(place.scratch(), Complaint.reason(e)),
          e);
    }
  }
}
