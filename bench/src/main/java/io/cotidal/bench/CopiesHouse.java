package io.cotidal.bench;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Volumes, dumps, and a daemon whose templates lie there; all of it goes when it is closed. */
final class CopiesHouse implements AutoCloseable {
  private static final long ROOM = 56L << 30;

  private final ServerRegistry lab;
  private final Path folder;
  private final Map<LoopVolume.Type, LoopVolume> volumes = new EnumMap<>(LoopVolume.Type.class);
  private final Map<String, Path> dumps = new TreeMap<>();
  private final Daemons.Running daemon;
  private final Copier copier;

  private CopiesHouse(ServerRegistry lab, Collection<CopiesCell> templates, int spares)
      throws BenchProblem, IOException, InterruptedException {
    this.lab = lab;
    this.folder = lab.folder("bench");
    StringBuilder text = new StringBuilder("listen: 127.0.0.1:0\nstore: sqlite:");
    text.append(folder.resolve("cotidal.db")).append("\ncopies:\n");
    for (CopiesCell cell : templates) {
      text.append(section(cell, spares));
    }
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), text);
    try {
      daemon = new DaemonsHere("bench").start(file);
    } catch (DemoProblem e) {
      throw new BenchProblem(e.sentence(), e);
    }
    String token = Files.readString(folder.resolve("admin.token")).strip();
    copier = new Copier(daemon.link(), token);
  }

  /**
   * Opens one, and waits until every template is loaded.
   *
   * @param cells what will be measured
   * @param spares how many wait of each warm template
   */
  static CopiesHouse open(Collection<CopiesCell> cells, int spares)
      throws BenchProblem, IOException {
    String reason = LoopVolume.impossible();
    if (!reason.isEmpty()) {
      throw new BenchProblem(reason);
    }
    Map<String, CopiesCell> templates = new TreeMap<>();
    cells.forEach(cell -> templates.putIfAbsent(cell.template(), cell));
    ServerRegistry lab =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    CopiesHouse house;
    try {
      house = new CopiesHouse(lab, templates.values(), spares);
    } catch (BenchProblem | IOException | RuntimeException e) {
      lab.close();
      throw e;
    } catch (InterruptedException e) {
      lab.close();
      throw new BenchProblem("ended before it was done, as asked", e);
    }
    try {
      for (String template : templates.keySet()) {
        house.copier.awaitItems(template, "generation", "ready", 1);
      }
      return house;
    } catch (BenchProblem | RuntimeException e) {
      house.close();
      throw e;
    }
  }

  private String section(CopiesCell cell, int spares)
      throws BenchProblem, IOException, InterruptedException {
    StringBuilder text = new StringBuilder("  " + cell.template() + ":\n    mode: manage\n");
    text.append("    engine: ").append(cell.engine().word()).append('\n');
    if (!cell.engine().version().isEmpty()) {
      text.append("    version: \"").append(cell.engine().version()).append("\"\n");
    }
    if (cell.engine().shared()) {
      Path server = PostgresBinaries.bundled(CacheFolder.ofUser());
      text.append("    isolation: database\n    server: ").append(server).append('\n');
    }
    return text.append("    volume: ")
        .append(volume(cell.volume()).folder())
        .append("\n    dump: ")
        .append(dump(cell.engine(), cell.megabytes()))
        .append("\n    copies: 200\n    per-owner: 200\n    memory: 32\n    spares: ")
        .append(cell.warm() ? spares : 0)
        .append('\n')
        .toString();
  }

  private LoopVolume volume(LoopVolume.Type type) throws IOException, InterruptedException {
    LoopVolume known = volumes.get(type);
    if (known != null) {
      return known;
    }
    LoopVolume made = LoopVolume.make(lab, type, ROOM);
    volumes.put(type, made);
    return made;
  }

  /** The dump of that size; written when it is first asked for. */
  Path dump(Engine engine, int megabytes) throws IOException {
    String name = engine.word() + "-" + megabytes + ".sql";
    Path known = dumps.get(name);
    if (known != null) {
      return known;
    }
    Path file = folder.resolve(name);
    DumpWriter.write(file, engine, megabytes);
    dumps.put(name, file);
    return file;
  }

  Copier copier() {
    return copier;
  }

  ServerRegistry lab() {
    return lab;
  }

  Path folder(LoopVolume.Type type) {
    return Objects.requireNonNull(volumes.get(type), "a volume that no cell is on").folder();
  }

  /** Bytes in use on a volume once all that was written has reached its disk. */
  long used(LoopVolume.Type type) throws IOException, BenchProblem {
    Command.run(List.of("/usr/bin/sync", "-f", folder(type).toString()));
    FileStore store = Files.getFileStore(folder(type));
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  @Override
  public void close() throws IOException {
    daemon.close();
    lab.close();
  }
}
