package io.cotidal.postgres.steps;

import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** How one member archives: its script, its settings, and the mark of the one that may. */
final class Archiving {
  /** The setting that pushes; an empty one lets the log wait. */
  static final String PUSH = "archive_command";

  /** The setting that fetches. */
  static final String FETCH = "restore_command";

  /** The setting that needs a start to take effect. */
  static final String MODE = "archive_mode";

  /** All of them. */
  static final List<String> NAMES = List.of(MODE, PUSH, FETCH);

  private final Optional<Archive> archive;
  private final Optional<ArchiveScript> script;
  private final Node node;

  Archiving(PostgresSpec spec, Node node) {
    this.archive = node.server().gated() ? spec.practice().care().archive() : Optional.empty();
    this.script = ArchiveScript.of(spec, node.server());
    this.node = node;
  }

  /** The member's script, if it is to have one. */
  Optional<ArchiveScript> script() {
    return script;
  }

  private Path mark() {
    return node.places().gate().resolve(ArchiveScript.ARCHIVING);
  }

  /** The settings; none if nothing is archived. */
  SequencedMap<String, String> settings(boolean stopped) {
    LinkedHashMap<String, String> settings = new LinkedHashMap<>();
    if (archive.isPresent() && script.isPresent()) {
      settings.put(MODE, "on");
      settings.put(PUSH, stopped ? "" : script.get().pushing());
      settings.put(FETCH, script.get().fetching());
    }
    return settings;
  }

  /**
   * Takes what ALTER SYSTEM wrote on another member out of the way. An archive that is stopped
   * stays so.
   */
  void clean(Map<String, String> entries) {
    if (archive.isPresent()) {
      entries.remove(MODE);
      entries.remove(FETCH);
      if (!entries.getOrDefault(PUSH, "x").isEmpty()) {
        entries.remove(PUSH);
      }
    }
  }

  /**
   * What a server whose files came from another cluster's backup must not keep of it. Where this
   * cluster archives nothing, nothing is archived: least of all to where the other one does.
   */
  void estrange(Map<String, String> entries) {
    entries.remove(PUSH);
    entries.remove(FETCH);
    entries.remove(MODE);
    if (archive.isEmpty()) {
      entries.put(MODE, "off");
    }
  }

  /** Puts the script in its place. */
  void write(Inside inside) throws IOException, InterruptedException {
    if (script.isPresent()) {
      ArchiveScript wanted = script.get();
      if (!inside.read(wanted.file()).orElse("").equals(wanted.text())) {
        inside.script(wanted.text(), wanted.checksum());
      }
    }
  }

  /** Makes the member the one that archives. */
  void allow(Inside inside) throws IOException, InterruptedException {
    if (archive.isPresent()) {
      inside.write(mark(), "");
    }
  }

  /** Makes it one that does not. */
  void forbid(Inside inside) throws IOException, InterruptedException {
    if (archive.isPresent()) {
      inside.delete(mark());
    }
  }

  /** Whether it is the one that archives. */
  boolean allowed(Inside inside) throws IOException, InterruptedException {
    return inside.exists(mark());
  }
}
