package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A clone of Mercurial as its own hook sees it: the commits of the open transaction are there.
 * Nothing is pulled, for Mercurial just does that. If a later hook fails, the transaction is rolled
 * back though a commit of it is marked as applied; the next pull brings it again, and until then
 * the history counts as rewritten.
 */
final class HgHooked extends HgFiles {
  private final HgHook hook;
  private volatile Optional<Pulled> known = Optional.empty();

  HgHooked(HgClone clone, HgHook hook) {
    super(clone, hook.pending().map(root -> Map.of("HG_PENDING", root)).orElse(Map.of()));
    this.hook = hook;
  }

  @Override
  public Pulled pull(Deadline deadline) throws RepositoryException, InterruptedException {
    try {
      checkRoot();
      Pulled pulled = history.compare(history.head(deadline), applied.read(), deadline);
      known = Optional.of(pulled);
      return pulled;
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  /** Mercurial would show nothing of a transaction in another repository. */
  private void checkRoot() throws IOException, RepositoryException {
    Path folder = clone.what().folder();
    if (hook.pending().isPresent()
        && !(Files.isDirectory(folder)
            && Files.isSameFile(folder, Path.of(hook.pending().get())))) {
      throw new RepositoryException(
          Kind.BROKEN,
          "hook: it runs in %s, and the repository is %s; name that one in the configuration"
              .formatted(Names.printable(hook.pending().get()), clone.shown()));
    }
  }

  @Override
  public Optional<Pulled> known() {
    return known;
  }

  @Override
  public void applied(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    GitReading.checkId(commit);
    try {
      applied.move(commit, history.head(deadline).id(), history, deadline);
      known = Optional.of(history.compare(history.head(deadline), applied.read(), deadline));
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }
}
