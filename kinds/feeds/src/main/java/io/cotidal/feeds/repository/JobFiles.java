package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads the files of a commit that may be jobs. What did not change since the last time is not read
 * again. Thread-safe.
 */
public final class JobFiles {
  private static final Memory NOTHING = new Memory("", Optional.empty(), Map.of());

  private final Repository repository;
  private final Limits limits;
  private volatile Memory memory = NOTHING;

  /** What was read last: the listing of that commit, and contents by path and identifier. */
  private record Memory(String commit, Optional<Listing> listing, Map<Key, byte[]> contents) {}

  private record Key(String path, String id) {
    static Key of(Entry entry) {
      return new Key(entry.path(), entry.id());
    }
  }

  /** Reads from {@code repository}. */
  public JobFiles(Repository repository, Limits limits) {
    this.repository = repository;
    this.limits = limits;
  }

  /**
   * The files of a commit.
   *
   * @param wanted says of a path whether it may be a job
   * @throws RepositoryException if the commit cannot be read; a single file that is refused is in
   *     the answer
   */
  public Contents of(String commit, Predicate<String> wanted, Deadline deadline)
      throws RepositoryException, InterruptedException {
    Memory before = memory;
    Listing listing =
        before.commit.equals(commit) && before.listing.isPresent()
            ? before.listing.get()
            : repository.entries(commit, deadline);
    List<Entry> chosen =
        listing.entries().stream().filter(entry -> wanted.test(entry.path())).toList();
    SortedMap<String, String> refused = new TreeMap<>(listing.refused());
    refused.keySet().removeIf(path -> !wanted.test(path));
    Map<Key, byte[]> contents = new HashMap<>();
    SortedMap<String, byte[]> files = new TreeMap<>();
    List<Entry> fresh = new ArrayList<>();
    for (Entry entry : admitted(commit, chosen, new Room(before.contents, refused), deadline)) {
      byte[] known = before.contents.get(Key.of(entry));
      if (known == null) {
        fresh.add(entry);
      } else {
        contents.put(Key.of(entry), known);
        files.put(entry.path(), known);
      }
    }
    if (!fresh.isEmpty()) {
      SortedMap<String, byte[]> read = repository.read(commit, fresh, deadline);
      for (Entry entry : fresh) {
        byte[] content = read.get(entry.path());
        if (content == null) {
          throw new RepositoryException(
              RepositoryException.Kind.BROKEN,
              "commit %s: '%s' is listed and cannot be read".formatted(commit, entry.path()));
        }
        contents.put(Key.of(entry), content);
        files.put(entry.path(), content);
      }
    }
    memory = new Memory(commit, Optional.of(listing), contents);
    return new Contents(files, refused);
  }

  /** What is known, and where refusals are noted. */
  private record Room(Map<Key, byte[]> known, SortedMap<String, String> refused) {}

  private List<Entry> admitted(String commit, List<Entry> chosen, Room room, Deadline deadline)
      throws RepositoryException, InterruptedException {
    List<Entry> unknown =
        chosen.stream().filter(entry -> !room.known.containsKey(Key.of(entry))).toList();
    Map<String, Long> sizes = new HashMap<>();
    if (!unknown.isEmpty()) {
      for (Entry entry : repository.sized(commit, unknown, deadline)) {
        sizes.put(entry.path(), entry.size().orElse(Long.MAX_VALUE));
      }
    }
    List<Entry> admitted = new ArrayList<>();
    long total = 0;
    Set<String> seen = new HashSet<>();
    for (Entry entry : chosen) {
      byte[] known = room.known.get(Key.of(entry));
      long size = known == null ? sizes.getOrDefault(entry.path(), Long.MAX_VALUE) : known.length;
      if (size > limits.fileBytes()) {
        room.refused.put(entry.path(), tooBig(size));
      } else if (seen.size() >= limits.files()) {
        room.refused.put(
            entry.path(), "there are more than %d files before it".formatted(limits.files()));
      } else if (total + size > limits.totalBytes()) {
        room.refused.put(
            entry.path(),
            "with it, all files have more than %d bytes together".formatted(limits.totalBytes()));
      } else if (seen.add(entry.path())) {
        total += size;
        admitted.add(entry);
      }
    }
    return admitted;
  }

  private String tooBig(long size) {
    return "too big: "
        + (size == Long.MAX_VALUE ? "" : size + " bytes, and ")
        + "at most "
        + limits.fileBytes()
        + " bytes are read of a file";
  }
}
