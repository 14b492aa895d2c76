package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A state repository in Mercurial that Cotidal itself pulls. */
final class HgRepository extends HgFiles {
  private static final Logger LOG = LoggerFactory.getLogger(HgRepository.class);

  private final ReentrantLock remembering = new ReentrantLock();
  private volatile Optional<Pulled> known = Optional.empty();

  HgRepository(HgClone clone) {
    super(clone, Map.of());
  }

  @Override
  public Pulled pull(Deadline deadline) throws RepositoryException, InterruptedException {
    try {
      clone.ensure(deadline);
      if (!Files.isDirectory(clone.directory())) {
        throw new RepositoryException(
            RepositoryException.Kind.BROKEN,
            "repository %s: this is no clone of Mercurial; name another folder"
                .formatted(clone.shown()));
      }
      try (CloneLock _ = CloneLock.take(clone.directory().resolve("cotidal-pull.lock"), deadline)) {
        if (known.isEmpty()) {
          hold(deadline);
        }
        clone.pull(deadline);
        return remember(deadline);
      }
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  /** Takes in what the clone holds before the first pull, if it has such a branch already. */
  private void hold(Deadline deadline) throws IOException, InterruptedException {
    try {
      remember(deadline);
    } catch (RepositoryException e) {
      LOG.debug("{}: nothing is known before the first pull", clone.shown(), e);
    }
  }

  /** Takes in where the branch is, so that what is known never goes back to an older look. */
  private Pulled remember(Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    remembering.lockInterruptibly();
    try {
      Pulled now = state(deadline);
      known = Optional.of(now);
      return now;
    } finally {
      remembering.unlock();
    }
  }

  private Pulled state(Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    HgHistory.Head head = history.head(deadline);
    Optional<String> mark = applied.read();
    Optional<Pulled> last =
        known.filter(one -> one.head().equals(head.id()) && one.applied().equals(mark));
    return last.isPresent() ? last.get() : history.compare(head, mark, deadline);
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
      remember(deadline);
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }
}
