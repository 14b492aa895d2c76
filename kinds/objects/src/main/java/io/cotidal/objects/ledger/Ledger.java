package io.cotidal.objects.ledger;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.remote.Durable;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ledger of a namespace: JSON lines in {@code ledger.jsonl}; what is full becomes {@code
 * ledger.1.jsonl} and so on, and the oldest goes. An entry that was appended is on the disk. For
 * any number of threads: those that append at the same time share one write to the disk.
 */
public final class Ledger implements Closeable {
  private static final int LAST = 1 << 16;

  private final Path folder;
  private final long most;
  private final int files;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock forcing = new ReentrantLock();
  private FileChannel channel;
  private long written;
  private long forced;

  private Ledger(Path folder, long most, int files) throws IOException {
    this.folder = folder;
    this.most = most;
    this.files = files;
    this.channel = open();
  }

  /**
   * Opens it, or begins one.
   *
   * @param folder is made if it is not there
   * @param most bytes of a file, about
   * @param files so many are kept, at least 2
   * @throws IOException if it cannot be written
   */
  public static Ledger open(Path folder, long most, int files) throws IOException {
    if (most < 1 || files < 2) {
      throw new IllegalArgumentException("a ledger of " + files + " files of " + most + " bytes");
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new Ledger(folder, most, files);
  }

  private Path file(int number) {
    return folder.resolve(number == 0 ? "ledger.jsonl" : "ledger." + number + ".jsonl");
  }

  private FileChannel open() throws IOException {
    FileChannel opened =
        FileChannel.open(
            file(0),
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    opened.truncate(whole(opened));
    opened.position(opened.size());
    Durable.sync(folder);
    return opened;
  }

  /** Where the last whole line ends: what follows was never acknowledged. */
  private static long whole(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0) {
      long start = Math.max(0, end - LAST);
      ByteBuffer piece = ByteBuffer.allocate((int) (end - start));
      int read = 0;
      while (piece.hasRemaining() && read >= 0) {
        read = channel.read(piece, start + piece.position());
      }
      for (int i = piece.position() - 1; i >= 0; i--) {
        if (piece.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  /**
   * Appends entries, in order.
   *
   * @throws IOException if they may not be on the disk: nothing is to be discarded then
   */
  public void append(List<Entry> entries) throws IOException {
    if (entries.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(Line.of(entry)));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    long mine = write(bytes);
    forcing.lock();
    try {
      if (forced < mine) {
        force();
      }
    } finally {
      forcing.unlock();
    }
  }

  private long write(ByteBuffer bytes) throws IOException {
    writing.lock();
    try {
      if (channel.position() >= most) {
        rotate();
      }
      long before = channel.position();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        channel.truncate(before);
        throw new IOException("the ledger " + file(0) + " cannot be written: " + e.getMessage(), e);
      }
      return ++written;
    } finally {
      writing.unlock();
    }
  }

  /** Rotation puts on the disk what it closes, so this channel is enough. */
  private void force() throws IOException {
    FileChannel now;
    long upTo;
    writing.lock();
    try {
      now = channel;
      upTo = written;
    } finally {
      writing.unlock();
    }
    try {
      now.force(false);
      forced = upTo;
    } catch (ClosedChannelException e) {
      // Whoever closed it has put it on the disk first.
      forced = upTo;
    }
  }

  private void rotate() throws IOException {
    channel.force(true);
    channel.close();
    Files.deleteIfExists(file(files - 1));
    for (int number = files - 2; number >= 0; number--) {
      if (Files.exists(file(number))) {
        Files.move(file(number), file(number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    channel = open();
  }

  /**
   * What to read.
   *
   * @param container empty for all
   * @param prefix of names; empty for all
   * @param limit the latest so many
   */
  public record Query(Optional<ContainerName> container, String prefix, int limit) {
    boolean fits(Entry entry) {
      return (container.isEmpty() || container.get().equals(entry.container()))
          && entry.name().startsWith(prefix);
    }
  }

  /** The latest entries that fit, the latest first, each once. */
  public List<Entry> read(Query query) throws IOException {
    Deque<Entry> latest = new ArrayDeque<>();
    for (int number = files - 1; number >= 0; number--) {
      read(file(number), query, latest);
    }
    List<Entry> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    while (!latest.isEmpty() && all.size() < query.limit()) {
      Entry entry = latest.removeLast();
      if (ids.add(entry.id())) {
        all.add(entry);
      }
    }
    return all;
  }

  private static void read(Path file, Query query, Deque<Entry> latest) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<Entry> entry = Line.read(line).filter(query::fits);
        entry.ifPresent(latest::addLast);
        // One entry may have been written a few times.
        if (latest.size() > 4L * query.limit()) {
          latest.removeFirst();
        }
      }
    } catch (NoSuchFileException e) {
      // It was not there yet, or has just become the next one.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    writing.lock();
    try {
      channel.force(true);
      channel.close();
    } finally {
      writing.unlock();
    }
  }
}
