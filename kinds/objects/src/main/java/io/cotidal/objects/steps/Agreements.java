package io.cotidal.objects.steps;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.AgreedText;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was agreed of each container itself: a document each, replaced whole, and all of them in
 * memory. Thread-safe for different containers.
 */
final class Agreements {
  private static final String ENDING = ".json";

  private final Path folder;
  private final NavigableMap<ContainerName, Agreed> known = new ConcurrentSkipListMap<>();

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
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        all.load(file);
      }
    }
    return all;
  }

  private void load(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      JsonNode document = JsonMapper.shared().readTree(text);
      ContainerName name =
          new ContainerName(
              document.path("account").asString(""), document.path("container").asString(""));
      known.put(name, AgreedText.read(name, text));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          file + " cannot be understood: restore it from a backup (" + ActFailed.line(e) + ")", e);
    }
  }

  Optional<Agreed> of(ContainerName container) {
    return Optional.ofNullable(known.get(container));
  }

  /** Those about which anything was agreed. */
  NavigableSet<ContainerName> names() {
    return known.navigableKeySet();
  }

  /** From now on this is agreed; empty if nothing is. It is on the disk when this returns. */
  void keep(ContainerName container, Optional<Agreed> agreed) throws IOException {
    Path file = folder.resolve(Layout.digest(container) + ENDING);
    if (agreed.isEmpty()) {
      known.remove(container);
      Durable.delete(file);
    } else if (!agreed.equals(of(container))) {
      Durable.write(file, AgreedText.write(container, agreed.get()), null, "rw-------");
      known.put(container, agreed.get());
    }
  }
}
