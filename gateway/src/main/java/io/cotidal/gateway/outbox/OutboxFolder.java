package io.cotidal.gateway.outbox;

import io.cotidal.remote.Durable;
import io.cotidal.remote.KernelLock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of an outbox, and the lock that keeps a second process out. */
final class OutboxFolder implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("outbox-(\\d{1,18})\\.log");
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final KernelLock lock;
  private long number;

  private OutboxFolder(Path folder, KernelLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  static OutboxFolder open(Path folder) throws OutboxFailed {
    KernelLock lock;
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path file = folder.resolve("lock");
      try {
        Files.createFile(file, PRIVATE);
      } catch (FileAlreadyExistsException e) {
        // Whoever made it has given it the same mode.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      lock = KernelLock.on(file);
    } catch (IOException e) {
      throw failed(folder, "cannot be opened: " + line(e) + "; let this user write there", e);
    }
    if (!lock.take()) {
      lock.close();
      throw failed(folder, "is in use by another process: end that one first", null);
    }
    return new OutboxFolder(folder, lock);
  }

  private static OutboxFailed failed(Path folder, String what, @Nullable Exception cause) {
    String text = "the outbox " + folder + " " + what;
    return cause == null ? new OutboxFailed(text) : new OutboxFailed(text, cause);
  }

  static String line(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** What was open when the last process ended, however it did. */
  Table recovered() throws OutboxFailed {
    try {
      NavigableMap<Long, Path> files = files();
      if (files.isEmpty()) {
        return new Table();
      }
      number = files.lastKey();
      return read(files.lastEntry().getValue());
    } catch (IOException e) {
      throw failed(folder, "cannot be read: " + line(e), e);
    }
  }

  private NavigableMap<Long, Path> files() throws IOException {
    NavigableMap<Long, Path> files = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "outbox-*.log")) {
      for (Path file : all) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          files.put(Long.parseLong(name.group(1)), file);
        }
      }
    }
    return files;
  }

  private static Table read(Path file) throws IOException, OutboxFailed {
    byte[] bytes = Files.readAllBytes(file);
    Table table = new Table();
    int end = 0;
    for (Optional<Batch> batch = Batch.at(bytes, 0); batch.isPresent(); ) {
      if (end == 0 && !whole(batch.get())) {
        break;
      }
      batch.get().notes().forEach(table::apply);
      end = batch.get().end();
      batch = Batch.at(bytes, end);
    }
    if (end == 0) {
      throw damaged(file, 0);
    }
    // A crash tears off the end of what was written last. If more follows, that is no crash.
    if (end < bytes.length && Batch.follows(bytes, end)) {
      throw damaged(file, end);
    }
    return table;
  }

  /** A file appears with its beginning. */
  private static boolean whole(Batch first) {
    return first.notes().getFirst() instanceof Note.Begun
        && first.notes().getLast() instanceof Note.Whole;
  }

  private static OutboxFailed damaged(Path file, int at) {
    return new OutboxFailed(
        "the outbox "
            + file
            + " is damaged at byte "
            + at
            + ", or of another version: move it away; what it held is found by comparison");
  }

  /** Begins the next file, and deletes those before it. */
  OutboxFile next(Table table) throws IOException {
    OutboxFile file =
        OutboxFile.begin(
            folder.resolve("outbox-%06d.log".formatted(number + 1)), table.beginning());
    number++;
    for (var each : files().headMap(number).values()) {
      Durable.delete(each);
    }
    return file;
  }

  @Override
  public void close() {
    lock.close();
  }
}
