package io.cotidal.feeds.report;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that wait, one file a topic: so that a newer one replaces the older in one move, and the
 * folder holds no more than there are topics. What {@link #put} returned from is there after a
 * power cut. Thread-safe.
 */
final class Queue {
  private static final Logger LOG = LoggerFactory.getLogger(Queue.class);
  private static final String MODE = "rw-------";

  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Slip> byTopic = new HashMap<>();
  private long last;

  private Queue(Path folder) {
    this.folder = folder;
  }

  /** Reads what waits in {@code folder}, which is made if it is not there. */
  static Queue open(Path folder) throws ReportException {
    Queue queue = new Queue(folder);
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.told")) {
        for (Path file : files) {
          queue.read(file);
        }
      }
      return queue;
    } catch (IOException | DirectoryIteratorException e) {
      throw trouble(folder, e);
    }
  }

  private void read(Path file) throws IOException {
    Optional<Slip> slip;
    try {
      slip = Slip.read(Files.readString(file));
    } catch (CharacterCodingException e) {
      // Not the text that was written: set aside below.
      slip = Optional.empty();
    }
    if (slip.isEmpty() || !file.endsWith(Slip.file(slip.get().told().topic()))) {
      Path aside = file.resolveSibling(file.getFileName() + ".spoilt");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn("event=report-spoilt file={}", aside);
      return;
    }
    last = Math.max(last, slip.get().number());
    byTopic.put(slip.get().told().topic(), slip.get());
  }

  void put(Told told) throws ReportException {
    lock.lock();
    try {
      Told clean = Clean.told(told);
      Slip older = byTopic.get(clean.topic());
      Slip slip = new Slip(last + 1, older == null ? clean : clean.over(older.told()));
      Durable.write(path(clean.topic()), slip.text(), null, MODE);
      last = slip.number();
      byTopic.put(clean.topic(), slip);
      for (String topic : clean.settles()) {
        if (!topic.equals(clean.topic()) && byTopic.containsKey(topic)) {
          // After a kill just here both are told, in their order, and the end is the same.
          Durable.delete(path(topic));
          byTopic.remove(topic);
        }
      }
    } catch (IOException e) {
      throw trouble(folder, e);
    } finally {
      lock.unlock();
    }
  }

  /** All that wait, the oldest first. */
  List<Slip> waiting() {
    lock.lock();
    try {
      TreeMap<Long, Slip> sorted = new TreeMap<>();
      byTopic.values().forEach(slip -> sorted.put(slip.number(), slip));
      return List.copyOf(sorted.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * The master has these. One that was replaced meanwhile stays as its newer form.
   *
   * @throws ReportException if a file cannot be removed; these do not wait any more all the same,
   *     until the folder is opened again
   */
  void told(Collection<Slip> slips) throws ReportException {
    lock.lock();
    try {
      List<Slip> gone =
          slips.stream().filter(slip -> slip.equals(byTopic.get(slip.told().topic()))).toList();
      gone.forEach(slip -> byTopic.remove(slip.told().topic()));
      for (Slip slip : gone) {
        Files.deleteIfExists(path(slip.told().topic()));
      }
      Durable.sync(folder);
    } catch (IOException e) {
      throw trouble(folder, e);
    } finally {
      lock.unlock();
    }
  }

  private Path path(String topic) {
    return folder.resolve(Slip.file(topic));
  }

  private static ReportException trouble(Path folder, Exception e) {
    return new ReportException(
        "reports cannot be kept in "
            + folder
            + ": "
            + e
            + "; see that the folder is this account's own and the disk has room");
  }
}
