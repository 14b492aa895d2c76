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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a namespace: JSON lines in {@code ledger.jsonl}; what is full becomes {@code
 * ledger.1.jsonl} and so on, and the oldest goes. An entry that was appended is on the disk. For
 * any number of threads: those that append at the same time share one write to the disk. One
 * process appends at a time; those that have it open meanwhile go on behind what they find.
 */
public final class Ledger implements Closeable {
  private static final int LAST = 1 << 16;

  private final Path folder;
  private final long most;
  private final int files;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock forcing = new ReentrantLock();
  private Opened now;
  private long written;
  private long forced;

  private Ledger(Path folder, long most, int files) throws IOException {
    this.folder = folder;
    this.most = most;
    this.files = files;
    this.now = open();
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

  /** A file as it was opened. */
  private static final class Opened {
    private final FileChannel channel;

    /** Which file it is: after a rotation another one has its name. */
    private final @Nullable Object key;

    /** It is on the disk, and closed. */
    private volatile boolean ended;

    Opened(FileChannel channel, @Nullable Object key) {
      this.channel = channel;
      this.key = key;
    }

    void end() throws IOException {
      channel.force(true);
      ended = true;
      channel.close();
    }
  }

  private Opened open() throws IOException {
    FileChannel opened =
        FileChannel.open(
            file(0),
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Durable.sync(folder);
    return new Opened(opened, key());
  }

  /** Which file lies there; null if there is none. */
  private @Nullable Object key() throws IOException {
    try {
      return Files.readAttributes(file(0), BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Goes on behind the last whole line, whoever wrote it: another daemon may have led since. */
  private void resume() throws IOException {
    if (!now.channel.isOpen()) {
      // Whoever is interrupted in the middle of a write closes it.
      now = open();
    } else if (!Objects.equals(now.key, key())) {
      now.end();
      now = open();
    }
    long end = whole(now.channel);
    if (end < now.channel.size()) {
      now.channel.truncate(end);
    }
    now.channel.position(end);
  }

  /** Where the last whole line ends: what follows was never acknowledged. */
  private static long whole(FileChannel channel) throws IOException {
    long end = channel.size();
    ByteBuffer last = ByteBuffer.allocate(1);
    if (end > 0 && channel.read(last, end - 1) == 1 && last.get(0) == '\n') {
      return end;
    }
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
      resume();
      if (now.channel.position() >= most) {
        rotate();
      }
      long before = now.channel.position();
      try {
        while (bytes.hasRemaining()) {
          now.channel.write(bytes);
        }
      } catch (IOException e) {
        if (now.channel.isOpen()) {
          now.channel.truncate(before);
        }
        throw new IOException("the ledger " + file(0) + " cannot be written: " + e.getMessage(), e);
      }
      return ++written;
    } finally {
      writing.unlock();
    }
  }

  /** Rotation puts on the disk what it closes, so this file is enough. */
  private void force() throws IOException {
    Opened latest;
    long upTo;
    writing.lock();
    try {
      latest = now;
      upTo = written;
    } finally {
      writing.unlock();
    }
    try {
      latest.channel.force(false);
    } catch (ClosedChannelException e) {
      if (!latest.ended) {
        throw new IOException("the ledger " + file(0) + " was closed while it was written", e);
      }
    }
    forced = upTo;
  }

  private void rotate() throws IOException {
    now.end();
    Files.deleteIfExists(file(files - 1));
    for (int number = files - 2; number >= 0; number--) {
      if (Files.exists(file(number))) {
        Files.move(file(number), file(number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    now = open();
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
      if (now.channel.isOpen()) {
        now.end();
      }
    } finally {
      writing.unlock();
    }
  }
}
