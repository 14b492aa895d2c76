package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Documents;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.Fetched;
import io.cotidal.feeds.transfer.Transfer;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Metadata that jobs point at: small, read often, kept in memory while a job needs them.
 * Thread-safe.
 */
final class Library implements Documents {
  private final Shelf shelf;
  private final Way way;
  private final Map<Blob, String> texts = new ConcurrentHashMap<>();
  private final Map<Blob, String> troubles = new ConcurrentHashMap<>();
  private final Set<Blob> used = ConcurrentHashMap.newKeySet();
  private final AtomicLong version = new AtomicLong();

  /** Documents without a checksum that the master was asked for since the revision came. */
  private final Set<Blob> asked = ConcurrentHashMap.newKeySet();

  /** Whether those that are here are of this revision, asked for or not. */
  private volatile boolean settled;

  /** Where documents lie that were fetched. */
  @FunctionalInterface
  interface Shelf {
    /** The file of one; empty if it is not here. */
    Optional<Path> find(Blob blob) throws TransferException, InterruptedException;
  }

  /** How they come. */
  @FunctionalInterface
  interface Way {
    /** Fetches them; each has its own result. */
    Map<Blob, Fetched> fetchAll(Collection<Blob> blobs, Deadline deadline)
        throws InterruptedException;
  }

  Library(Cache cache, Transfer transfer) {
    this(cache::find, transfer::fetchAll);
  }

  Library(Shelf shelf, Way way) {
    this.shelf = shelf;
    this.way = way;
  }

  /**
   * Another revision came. What a job without a checksum points at may have been replaced with it,
   * so the master is asked again whether it has changed.
   *
   * @param applied whether all of it is in force: then what is here is of this revision
   */
  void revision(boolean applied) {
    asked.clear();
    settled = applied;
    texts.keySet().removeIf(blob -> !blob.pinned());
  }

  /** Changes when a document came, or could not be had for another reason than before. */
  long version() {
    return version.get();
  }

  /** Documents that could not be fetched at the last try, with the reason. */
  SortedMap<String, String> troubles() {
    SortedMap<String, String> named = new TreeMap<>();
    troubles.forEach((blob, reason) -> named.put(blob.toString(), reason));
    return named;
  }

  /** A revision is being read anew: from here on is noted what it needs. */
  void begin() {
    used.clear();
  }

  /** It has been read: what it did not need is forgotten. */
  void end() {
    texts.keySet().retainAll(used);
    troubles.keySet().retainAll(used);
  }

  /** A document that cannot be read now is not here: it is fetched again, and that says why. */
  @Override
  public Optional<String> find(Blob blob) {
    used.add(blob);
    if (!blob.pinned() && !settled && !asked.contains(blob)) {
      return Optional.empty();
    }
    String known = texts.get(blob);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      Optional<String> text = read(blob);
      text.ifPresent(each -> texts.put(blob, each));
      return text;
    } catch (IOException | TransferException e) {
      troubles.put(blob, ActFailed.line(e));
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<String> read(Blob blob)
      throws IOException, TransferException, InterruptedException {
    Optional<Path> found = shelf.find(blob);
    return found.isEmpty() ? Optional.empty() : Optional.of(Files.readString(found.get()));
  }

  /**
   * Fetches what these jobs lack.
   *
   * @return the reasons, by document, why some did not come
   */
  Learnt learn(Collection<Thing> things, Deadline deadline) throws InterruptedException {
    Set<Blob> wanted = new LinkedHashSet<>();
    for (Thing thing : things) {
      if (thing.wish() instanceof Thing.Wish.Unread unread) {
        wanted.addAll(unread.documents());
      }
    }
    wanted.removeIf(texts::containsKey);
    int here = 0;
    SortedMap<String, String> failed = new TreeMap<>();
    for (Map.Entry<Blob, Fetched> each : way.fetchAll(wanted, deadline).entrySet()) {
      switch (each.getValue()) {
        case Fetched.Here _ -> {
          troubles.remove(each.getKey());
          asked.add(each.getKey());
          here++;
        }
        case Fetched.Failed problem -> {
          troubles.put(each.getKey(), ActFailed.line(problem.problem()));
          failed.put(each.getKey().toString(), ActFailed.line(problem.problem()));
        }
      }
    }
    version.incrementAndGet();
    return new Learnt(here, failed);
  }

  /** What came of it. */
  record Learnt(int here, SortedMap<String, String> failed) {}

  /** Documents that the jobs of the newest revision are read with. */
  Set<Blob> kept() {
    return Set.copyOf(texts.keySet());
  }
}
