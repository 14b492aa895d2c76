package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes room in a cache. */
record Trimming(Folders folders, Served served) {
  /** What a process that died left in the staging folder is nobody's after that long. */
  private static final Duration STALE = Duration.ofHours(6);

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}");

  private record Content(Path file, long size, FileTime came) {}

  long trim(Collection<Blob> needed, long budget) throws IOException {
    Set<String> keys = new HashSet<>();
    needed.forEach(blob -> keys.add(Names.key(blob)));
    // What is refused when it is asked for is not here either, and its checksum is no file's name.
    keys.removeIf(key -> !DIGEST.matcher(key).matches());
    long freed = contents(keep(keys), budget);
    sweepEntries();
    served.sweep();
    sweepPartials(keys);
    sweepStaging();
    return freed;
  }

  private Set<Path> keep(Set<String> keys) throws IOException {
    Set<Path> keep = new HashSet<>();
    for (String key : keys) {
      Entry.read(folders, key).ifPresent(entry -> keep.add(folders.content(entry.sha256())));
    }
    return keep;
  }

  private long contents(Set<Path> keep, long budget) throws IOException {
    List<Content> all = new ArrayList<>();
    for (Path file : Folders.files(folders.contents())) {
      attributes(file).ifPresent(a -> all.add(new Content(file, a.size(), a.lastModifiedTime())));
    }
    long total = all.stream().mapToLong(Content::size).sum();
    long freed = 0;
    all.sort(Comparator.comparing(Content::came));
    for (Content each : all) {
      if (total - freed > budget && !keep.contains(each.file())) {
        Files.deleteIfExists(each.file());
        freed += each.size();
      }
    }
    return freed;
  }

  /** An entry is written a moment before its content is there: fresh ones are left alone. */
  private void sweepEntries() throws IOException {
    for (Path file : Folders.files(folders.entries())) {
      if (!complete(file.getFileName().toString()) && stale(file, Duration.ofMinutes(1))) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void sweepPartials(Set<String> keys) throws IOException {
    for (Path partial : Folders.list(folders.partials())) {
      String name = partial.getFileName().toString();
      String key = name.replaceFirst("-.*", "");
      if (!DIGEST.matcher(key).matches()) {
        Folders.remove(partial);
      } else if (!keys.contains(key) || complete(key)) {
        Optional<Turn> turn = Turn.at(folders, key);
        if (turn.isPresent()) {
          try (Turn _ = turn.get()) {
            Folders.remove(partial);
          }
        }
      }
    }
  }

  private boolean complete(String key) throws IOException {
    Optional<Entry> entry = Entry.read(folders, key);
    return entry.isPresent()
        && Files.exists(folders.content(entry.get().sha256()), LinkOption.NOFOLLOW_LINKS);
  }

  private void sweepStaging() throws IOException {
    for (Path each : Folders.list(folders.staging())) {
      if (stale(each, STALE)) {
        Folders.remove(each);
      }
    }
  }

  private static boolean stale(Path file, Duration age) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(age));
    return attributes(file).filter(a -> a.lastModifiedTime().compareTo(limit) < 0).isPresent();
  }

  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
