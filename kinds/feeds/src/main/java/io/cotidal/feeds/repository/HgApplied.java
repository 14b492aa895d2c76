package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which commit was applied, in the file {@code .hg/cotidal-applied} of a clone. Its lock is not
 * Mercurial's: a hook that marks a commit runs while Mercurial holds that.
 */
final class HgApplied {
  private final HgClone clone;

  HgApplied(HgClone clone) {
    this.clone = clone;
  }

  private Path file() {
    return clone.directory().resolve("cotidal-applied");
  }

  /** What was applied; empty if nothing ever was. */
  Optional<String> read() throws IOException, RepositoryException {
    try {
      String text = Files.readString(file()).strip();
      GitReading.checkId(text);
      return Optional.of(text);
    } catch (NoSuchFileException e) {
      // Nothing was applied yet.
      return Optional.empty();
    }
  }

  /**
   * Moves it.
   *
   * @param head where the branch is
   * @throws RepositoryException if that is no step forward, and the history was not rewritten
   */
  void move(String commit, String head, HgHistory history, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    try (CloneLock _ =
        CloneLock.take(clone.directory().resolve("cotidal-applied.lock"), deadline)) {
      Optional<String> old = read();
      if (old.equals(Optional.of(commit))) {
        return;
      }
      boolean forward = old.isEmpty() || history.ancestor(old.get(), commit, deadline);
      boolean rewritten =
          old.isPresent() && !forward && !history.ancestor(old.get(), head, deadline);
      if (!(forward || rewritten)
          || !(commit.equals(head) || history.ancestor(commit, head, deadline))) {
        throw new RepositoryException(
            Kind.BROKEN,
            "repository %s: %s is not after %s, which was applied; pull and try again"
                .formatted(clone.shown(), commit, old.orElse("nothing")));
      }
      Durable.write(file(), commit + "\n", null, "rw-r--r--");
    }
  }
}
