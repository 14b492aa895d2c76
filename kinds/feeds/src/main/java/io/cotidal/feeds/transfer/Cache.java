package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * A folder of verified files, kept by their content: the same table published twice, or under two
 * names, lies there once.
 *
 * <p>{@code sha256/ab/abcd…} are the contents; {@code index/…} says which content has the checksum
 * that a job names, or came last from a host and path if jobs name none; {@code partial/KEY} is
 * what has come so far; {@code served/…} is for other replicas. A process that is killed at any
 * point leaves nothing wrong behind, and nothing lost but the end of what was just coming. Several
 * threads and processes may use one folder.
 */
public final class Cache {
  private static final Duration READING = Duration.ofSeconds(30);

  private final Folders folders;
  private final long budgetBytes;
  private final Served served;

  /**
   * Makes nothing yet.
   *
   * @param root the folder; made for our account alone if it is not there
   * @param budgetBytes how much is kept of what nothing needs any more
   */
  public Cache(Path root, long budgetBytes) {
    this.folders = new Folders(root);
    this.budgetBytes = budgetBytes;
    this.served = new Served(folders);
  }

  Folders folders() {
    return folders;
  }

  /**
   * The file with what the job wants. If the job does not say what that is, the file that came
   * last: whether it is still right only the master knows.
   *
   * @throws TransferException if the cache cannot be read
   */
  public Optional<Path> find(Blob blob) throws TransferException, InterruptedException {
    return find(Names.key(Names.check(blob)));
  }

  /** The same for a key. */
  Optional<Path> find(String key) throws TransferException, InterruptedException {
    try {
      Optional<Entry> entry = Entry.read(folders, key);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      Path content = folders.content(entry.get().sha256());
      if (!whole(content, entry.get())) {
        return Optional.empty();
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      // Another trims just now.
      return Optional.empty();
    } catch (IOException e) {
      throw TransferException.local(folders.root(), e);
    }
  }

  /** Small contents may not have reached the disk before a power cut: they are read again. */
  private static boolean whole(Path content, Entry entry) throws IOException, InterruptedException {
    if (!Files.isRegularFile(content, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (Files.size(content) == entry.size()
        && (!entry.small()
            || Digests.of(content, Deadline.in(READING)).sha256().equals(entry.sha256()))) {
      return true;
    }
    Files.deleteIfExists(content);
    return false;
  }

  /** What is known of a key, if its content is there. */
  Optional<Entry> entry(String key) throws TransferException, InterruptedException {
    try {
      return find(key).isPresent() ? Entry.read(folders, key) : Optional.empty();
    } catch (IOException e) {
      throw TransferException.local(folders.root(), e);
    }
  }

  /**
   * Opens the file of {@link #find}; the caller closes it. What is open stays readable whatever is
   * trimmed.
   */
  public Optional<InputStream> open(Blob blob) throws TransferException, InterruptedException {
    Optional<Path> found = find(blob);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.newInputStream(found.get(), LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw TransferException.local(found.get(), e);
    }
  }

  /** Forgets a file that turned out to be useless, so that the next fetch asks for it again. */
  public void forget(Blob blob) throws TransferException {
    String key = Names.key(Names.check(blob));
    try {
      Optional<Entry> entry = Entry.read(folders, key);
      Files.deleteIfExists(folders.entry(key));
      Files.deleteIfExists(folders.served(key));
      if (entry.isPresent()) {
        Files.deleteIfExists(folders.content(entry.get().sha256()));
      }
    } catch (IOException e) {
      throw TransferException.local(folders.root(), e);
    }
  }

  /**
   * Takes in a file of the same file system that has been read; it is moved.
   *
   * @param modified when it was changed at its place, in seconds; negative if unknown
   */
  Path adopt(String key, Path file, Digests digests, long modified)
      throws IOException, InterruptedException {
    Entry entry = new Entry(digests.sha256(), digests.size(), modified);
    Path content = folders.ready(folders.content(entry.sha256()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    if (!entry.small()) {
      Durable.sync(file);
    }
    // The entry first: a process that dies between the two leaves all bytes where a next try finds
    // them, and an entry without content says nothing.
    entry.write(folders, key);
    if (whole(content, entry)) {
      Files.delete(file);
    } else {
      Files.move(file, content, StandardCopyOption.ATOMIC_MOVE);
    }
    if (!entry.small()) {
      Durable.sync(content.resolveSibling(""));
    }
    served.offer(key, content);
    return content;
  }

  /**
   * Deletes the oldest contents until the rest fits the budget, and what earlier tries left of
   * files that nobody wants any more. Contents that are needed stay, even beyond the budget.
   *
   * @param needed what must stay
   * @return how many bytes were freed
   */
  public long trim(Collection<Blob> needed) throws TransferException {
    try {
      return new Trimming(folders, served).trim(needed, budgetBytes);
    } catch (IOException e) {
      throw TransferException.local(folders.root(), e);
    }
  }

  /**
   * Lets other replicas fetch from here, or no longer. They log in over SSH to the account of this
   * process and read {@code served/}. Lasts until it is said otherwise; saying it again mends
   * whatever is missing.
   */
  public void serve(boolean on) throws TransferException {
    try {
      if (on) {
        served.begin();
      } else {
        served.end();
      }
    } catch (IOException e) {
      throw TransferException.local(folders.served(), e);
    }
  }
}
