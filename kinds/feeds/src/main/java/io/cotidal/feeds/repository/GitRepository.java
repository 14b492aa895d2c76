package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state repository in Git. What comes lies under {@code refs/cotidal/incoming} until it was
 * checked, then under {@code refs/cotidal/fetched}; what was applied under {@code
 * refs/cotidal/applied}. Branches, index and working tree of the clone are not touched.
 */
final class GitRepository implements Repository {
  private static final Logger LOG = LoggerFactory.getLogger(GitRepository.class);
  private static final Duration STALE = Duration.ofSeconds(10);

  private final GitClone clone;
  private final GitReading reading;
  private final ReentrantLock remembering = new ReentrantLock();
  private volatile Optional<Pulled> known = Optional.empty();

  GitRepository(GitClone clone) {
    this.clone = clone;
    this.reading = new GitReading(clone);
  }

  @Override
  public Pulled pull(Deadline deadline) throws RepositoryException, InterruptedException {
    try {
      Path directory = clone.directory(deadline);
      try (CloneLock _ = CloneLock.take(directory.resolve("cotidal-pull.lock"), deadline)) {
        return pulled(directory, deadline);
      }
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  private Pulled pulled(Path directory, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    if (known.isEmpty()) {
      remember(deadline);
    }
    unlock(directory, "incoming");
    unlock(directory, "fetched");
    fetch(deadline);
    GitRefs now = GitRefs.read(clone, deadline);
    String incoming = now.incoming().orElseThrow(() -> gone("incoming")).id();
    if (clone.what().signers().isPresent()) {
      new GitSignatures(clone, clone.what().signers().get()).check(now, deadline);
    }
    if (!now.fetched().map(GitRefs.Ref::id).equals(Optional.of(incoming))) {
      clone.ask(List.of("update-ref", "refs/cotidal/fetched", incoming), deadline);
      tidy(deadline);
    }
    return remember(deadline).orElseThrow(() -> gone("fetched"));
  }

  /** Takes in where the references are, so that what is known never goes back to an older look. */
  private Optional<Pulled> remember(Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    remembering.lockInterruptibly();
    try {
      known = state(GitRefs.read(clone, deadline), deadline);
      return known;
    } finally {
      remembering.unlock();
    }
  }

  private RepositoryException gone(String name) {
    return new RepositoryException(
        Kind.BROKEN,
        "repository %s: refs/cotidal/%s is gone; it is made again".formatted(clone.shown(), name));
  }

  /** A process that was killed leaves the lock of a reference; such a lock lives for a moment. */
  private static void unlock(Path directory, String name) throws IOException {
    Path lock = directory.resolve("refs/cotidal").resolve(name + ".lock");
    try {
      if (Files.getLastModifiedTime(lock).toInstant().isBefore(Instant.now().minus(STALE))) {
        Files.deleteIfExists(lock);
      }
    } catch (NoSuchFileException e) {
      // Nobody left one.
    }
  }

  private void fetch(Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    Address address = clone.address(deadline);
    String branch = clone.what().branch();
    List<String> line =
        new ArrayList<>(
            List.of(
                "-c",
                "protocol." + address.scheme() + ".allow=always",
                "fetch",
                "--quiet",
                "--force",
                "--no-tags",
                "--no-recurse-submodules",
                "--no-write-fetch-head",
                "--no-auto-gc",
                "--"));
    line.add(address.text());
    line.add("+" + (branch.isEmpty() ? "HEAD" : "refs/heads/" + branch) + ":refs/cotidal/incoming");
    try (Said said = clone.run(clone.call(line), deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(address.shown(), said.errors());
      }
    } catch (IOException e) {
      throw Complaint.of(address.shown(), e, deadline);
    }
  }

  /** Where the branch is; empty if nothing was ever pulled. */
  private Optional<Pulled> state(GitRefs refs, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    if (refs.fetched().isEmpty()) {
      return Optional.empty();
    }
    GitRefs.Ref head = refs.fetched().get();
    Optional<String> applied = refs.applied().map(GitRefs.Ref::id);
    Optional<Pulled> last =
        known.filter(one -> one.head().equals(head.id()) && one.applied().equals(applied));
    if (last.isPresent()) {
      return last;
    }
    String range = applied.map(id -> id + "..." + head.id()).orElse(head.id());
    String[] counts =
        clone
            .ask(List.of("rev-list", "--count", "--left-right", range, "--"), deadline)
            .strip()
            .split("\\s+");
    // Without a commit to compare with, nothing is on the left.
    int behind = Integer.parseInt(counts[1]);
    boolean rewritten = !counts[0].equals("0");
    return Optional.of(new Pulled(head.id(), applied, behind, head.seconds(), rewritten));
  }

  /** Packs what many pulls brought. If that fails nothing is lost. */
  private void tidy(Deadline deadline) throws InterruptedException {
    try (Said said = clone.run(clone.call(List.of("gc", "--auto", "--quiet")), deadline.most())) {
      if (said.exit() != 0) {
        LOG.info("{}: git gc: {}", clone.shown(), Complaint.line(said.errors()));
      }
    } catch (IOException e) {
      LOG.info("{}: git gc: {}", clone.shown(), e.getMessage());
    }
  }

  @Override
  public Optional<Pulled> known() {
    return known;
  }

  @Override
  public Listing entries(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    return reading.entries(commit, deadline);
  }

  @Override
  public List<Entry> sized(String commit, List<Entry> entries, Deadline deadline) {
    return entries;
  }

  @Override
  public SortedMap<String, byte[]> read(String commit, List<Entry> entries, Deadline deadline)
      throws RepositoryException, InterruptedException {
    return reading.read(entries, deadline);
  }

  @Override
  public void applied(String commit, Deadline deadline)
      throws RepositoryException, InterruptedException {
    GitReading.checkId(commit);
    try {
      Path directory = clone.directory(deadline);
      try (CloneLock _ = CloneLock.take(directory.resolve("cotidal-applied.lock"), deadline)) {
        unlock(directory, "applied");
        GitRefs refs = GitRefs.read(clone, deadline);
        Optional<String> old = refs.applied().map(GitRefs.Ref::id);
        if (!old.equals(Optional.of(commit))) {
          checkMove(refs, commit, deadline);
          clone.ask(
              List.of("update-ref", "refs/cotidal/applied", commit, old.orElse("")), deadline);
          remember(deadline);
        }
      }
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  private void checkMove(GitRefs refs, String commit, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    String head =
        refs.fetched()
            .map(GitRefs.Ref::id)
            .orElseThrow(() ->
                new RepositoryException(
                    Kind.BROKEN,
                    "repository %s: nothing was pulled yet; pull first".formatted(clone.shown())));
    Optional<String> old = refs.applied().map(GitRefs.Ref::id);
    boolean forward = old.isEmpty() || ancestor(old.get(), commit, deadline);
    boolean rewritten = old.isPresent() && !forward && !ancestor(old.get(), head, deadline);
    if (!(forward || rewritten) || !ancestor(commit, head, deadline)) {
      throw new RepositoryException(
          Kind.BROKEN,
          "repository %s: %s is not after %s, which was applied; pull and try again"
              .formatted(clone.shown(), commit, old.orElse("nothing")));
    }
  }

  private boolean ancestor(String older, String newer, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    try (Said said =
        clone.run(clone.call(List.of("merge-base", "--is-ancestor", older, newer)), deadline)) {
      if (said.exit() > 1) {
        throw Complaint.of(clone.shown(), said.errors());
      }
      return said.exit() == 0;
    }
  }
}
