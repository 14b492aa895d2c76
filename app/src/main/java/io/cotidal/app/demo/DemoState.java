package io.cotidal.app.demo;

import io.cotidal.lab.ProcessIdentity;
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
record DemoState(ProcessIdentity owner, Path folder, String page) {
  private static final String FILE = "demo.properties";

  /** Makes this the demo that is found. */
  void write(Path state) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("pid", Long.toString(owner.pid()));
    properties.setProperty("started", Long.toString(owner.started()));
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
            new ProcessIdentity(
                Long.parseLong(properties.getProperty("pid", "0")),
                Long.parseLong(properties.getProperty("started", "0"))),
            Path.of(properties.getProperty("folder", "")),
            properties.getProperty("page", ""));
    return found.owner().alive() ? Optional.of(found) : Optional.empty();
  }

  /** Nobody is to find this one any more. */
  void forget(Path state) throws IOException {
    if (find(state).filter(this::equals).isPresent()) {
      Files.delete(state.resolve(FILE));
    }
  }
}
