package io.cotidal.app.demo;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * How a second terminal finds the demo that runs.
 *
 * @param owner the demo's JVM
 * @param folder with its members
 * @param page address of its page
 */
record DemoState(ProcessId owner, Path folder, String page) {
  private static final String FILE = "demo.properties";

  /** Makes this the demo that is found. */
  void write(Path state) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("owner", owner.toString());
    properties.setProperty("folder", folder.toString());
    properties.setProperty("page", page);
    Path part = state.resolve(FILE + ".new");
    try (Writer writer = Files.newBufferedWriter(part)) {
      properties.store(writer, "The demo that runs; cot demo break reads this.");
    }
    Files.move(part, state.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The demo that runs, if one does. */
  static Optional<DemoState> find(Path state) throws IOException {
    Path file = state.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    DemoState found =
        new DemoState(
            ProcessId.parse(properties.getProperty("owner", "0@0")),
            Path.of(properties.getProperty("folder", "")),
            properties.getProperty("page", ""));
    return new ProcessTable().alive(found.owner()) ? Optional.of(found) : Optional.empty();
  }

  /** Nobody is to find this one any more. */
  void forget(Path state) throws IOException {
    if (find(state).filter(this::equals).isPresent()) {
      Files.delete(state.resolve(FILE));
    }
  }
}
