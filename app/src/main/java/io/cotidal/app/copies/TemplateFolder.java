package io.cotidal.app.copies;

import io.cotidal.copies.imports.DumpName;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Moment;
import io.cotidal.model.Names;
import io.cotidal.runtime.Clock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in which every dump is a template. A dump that appears makes a template; one that goes
 * leaves it, with its generations and copies, as it is. A folder that cannot be read says nothing.
 */
public final class TemplateFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TemplateFolder.class);
  private static final long PERIOD = 5_000 * Moment.MILLI;

  private final CopiesSpec prototype;
  private final Path dumps;
  private final Clock clock;
  private final Consumer<CopiesSpec> found;
  private final Set<String> known;
  private final Set<Path> refused = new HashSet<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A folder at which nobody has looked yet.
   *
   * @param prototype what holds for each template; names the folder
   * @param taken names of templates that the configuration names itself
   * @param found told of each template once
   */
  public TemplateFolder(
      CopiesSpec prototype, Clock clock, Set<String> taken, Consumer<CopiesSpec> found) {
    this.prototype = prototype;
    this.dumps = prototype.template().dumps().orElseThrow();
    this.clock = clock;
    this.found = found;
    this.known = new HashSet<>(taken);
  }

  /** Looks now, and then every few seconds, on a thread of its own. */
  public void start() {
    if (!closed.get()) {
      Thread.ofVirtual().name("dumps in " + dumps).start(this::round);
    }
  }

  private void round() {
    try {
      look();
    } catch (IOException | RuntimeException e) {
      log.warn("event=dumps-unreadable folder={} reason=\"{}\"", dumps, e.toString());
    }
    clock.at(clock.now().nanos() + PERIOD, this::start);
  }

  /** Dumps first: what only lies on the volume has lost its dump. */
  void look() throws IOException {
    dumps().forEach((name, dump) -> found(name, Optional.of(dump)));
    for (String name : kept()) {
      found(name, Optional.empty());
    }
  }

  private void found(String name, Optional<Path> dump) {
    if (known.add(name)) {
      log.info(
          "event=template-found template={} dump={}", name, dump.map(Path::toString).orElse("-"));
      found.accept(prototype.forTemplate(name, dump));
    }
  }

  private Map<String, Path> dumps() throws IOException {
    TreeMap<String, Path> named = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dumps)) {
      for (Path file : all) {
        try {
          Path before = named.putIfAbsent(DumpName.template(file), file);
          if (before != null && refused.add(file)) {
            log.warn("event=dump-ignored file={} reason=\"{} has that name too\"", file, before);
          }
        } catch (IllegalArgumentException e) {
          if (refused.add(file)) {
            log.warn("event=dump-ignored reason=\"{}\"", e.getMessage());
          }
        }
      }
    }
    return named;
  }

  /** Templates that have places on the volume. */
  private Set<String> kept() throws IOException {
    Set<String> names = new HashSet<>();
    Path house = prototype.storage().volume().resolve(".cotidal");
    if (!Files.isDirectory(house)) {
      return names;
    }
    try (DirectoryStream<Path> templates = Files.newDirectoryStream(house)) {
      for (Path template : templates) {
        String name = String.valueOf(template.getFileName());
        if (Names.valid(name) && holdsGeneration(template)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static boolean holdsGeneration(Path template) throws IOException {
    if (!Files.isDirectory(template)) {
      return false;
    }
    try (DirectoryStream<Path> places = Files.newDirectoryStream(template, "g[0-9]*")) {
      for (Path place : places) {
        if (Files.exists(place.resolve("made"))) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed.set(true);
  }
}
