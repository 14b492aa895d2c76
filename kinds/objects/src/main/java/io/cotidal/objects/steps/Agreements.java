package io.cotidal.objects.steps;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.AgreedText;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was agreed of each container itself: a document each, replaced whole. The folder may be
 * shared with a daemon that led before, or has led since: {@link #again} comes before anything is
 * decided about a container, {@link #refresh} before all of them are gone through. Thread-safe; of
 * one container only one thread keeps anything.
 */
final class Agreements {
  private static final String ENDING = ".json";
  private static final int LOCKS = 16;

  private final Path folder;
  private final Map<ContainerName, Agreed> known = new ConcurrentHashMap<>();
  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  private Agreements(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads them.
   *
   * @throws IOException in one line if one cannot be read: without it a deletion could not be told
   *     from a container that never was
   */
  static Agreements open(Path folder) throws IOException {
    Agreements all = new Agreements(Layout.made(folder));
    all.refresh();
    return all;
  }

  private record Document(ContainerName name, Agreed agreed) {}

  /** Empty if there is none. */
  private Optional<Document> read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(folder)) {
        throw new IOException(folder + " is not there any more: mount it, or restore it", e);
      }
      return Optional.empty();
    }
    try {
      JsonNode document = JsonMapper.shared().readTree(text);
      ContainerName name =
          new ContainerName(
              document.path("account").asString(""), document.path("container").asString(""));
      return Optional.of(new Document(name, AgreedText.read(name, text)));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          file + " cannot be understood: restore it from a backup (" + ActFailed.line(e) + ")", e);
    }
  }

  private Path file(ContainerName container) {
    return folder.resolve(Layout.digest(container) + ENDING);
  }

  private ReentrantLock lock(ContainerName container) {
    return locks.get(Math.floorMod(container.hashCode(), LOCKS));
  }

  /**
   * Sees which there are by now. Of those that were known before the word of {@link #again} counts.
   *
   * @throws IOException in one line if one cannot be read
   */
  void refresh() throws IOException {
    Set<String> there = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      files.forEach(file -> there.add(String.valueOf(file.getFileName())));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (ContainerName name : known.keySet()) {
      if (!there.remove(String.valueOf(file(name).getFileName()))) {
        again(name);
      }
    }
    for (String file : there) {
      read(folder.resolve(file)).ifPresent(one -> known.putIfAbsent(one.name(), one.agreed()));
    }
  }

  /**
   * Reads one anew.
   *
   * @throws IOException in one line if it cannot be read
   */
  void again(ContainerName container) throws IOException {
    ReentrantLock lock = lock(container);
    lock.lock();
    try {
      Optional<Document> now = read(file(container));
      if (now.isPresent()) {
        known.put(container, now.get().agreed());
      } else {
        known.remove(container);
      }
    } finally {
      lock.unlock();
    }
  }

  /** As it was read last. */
  Optional<Agreed> of(ContainerName container) {
    return Optional.ofNullable(known.get(container));
  }

  /** Those about which anything was agreed. */
  Set<ContainerName> names() {
    return known.keySet();
  }

  /** From now on this is agreed; empty if nothing is. It is on the disk when this returns. */
  void keep(ContainerName container, Optional<Agreed> agreed) throws IOException {
    ReentrantLock lock = lock(container);
    lock.lock();
    try {
      if (agreed.isEmpty()) {
        known.remove(container);
        Durable.delete(file(container));
      } else if (!agreed.equals(of(container))) {
        Durable.write(
            file(container), AgreedText.write(container, agreed.get()), null, "rw-------");
        known.put(container, agreed.get());
      }
    } finally {
      lock.unlock();
    }
  }
}
