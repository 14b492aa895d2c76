package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.Segments.Segment;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cluster's archive in folders of this machine, for whoever makes something of it that is no
 * member of a cluster. It is read by the same script and chosen from as for a restore, by this
 * process's own user, and needs neither the cluster nor any gate: nothing is ever written there.
 */
public final class ArchiveFolders implements ArchiveSource {
  /** More than a list of every segment of a year. */
  private static final long PRINTED = 16L << 20;

  private final List<Path> folders;
  private final LocalProcesses processes = new LocalProcesses();

  /**
   * An archive.
   *
   * @param folders its repositories, in the order in which they are asked; at least one
   */
  public ArchiveFolders(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** The archive of a cluster, if folders are all that it is asked for. */
  static Optional<ArchiveSource> of(Optional<Archive> archive) {
    List<Path> folders =
        archive.map(Archive::places).orElse(List.of()).stream()
            .filter(Archive.Place.Folder.class::isInstance)
            .map(place -> ((Archive.Place.Folder) place).folder())
            .toList();
    return folders.isEmpty() ? Optional.empty() : Optional.of(new ArchiveFolders(folders));
  }

  @Override
  public Choice choose(Wish wish) throws InterruptedException {
    if (folders.stream().noneMatch(Files::isReadable)) {
      return new Choice.Refused(
          "on this machine nobody can read the archive: "
              + String.join(" and ", folders.stream().map(Path::toString).toList()));
    }
    try {
      Stocktaking stocktaking = new Stocktaking(script(wish), List.of(ArchiveScript.SOURCE));
      Choosing choosing = new Choosing(stocktaking, wish.until());
      RestoreChoice.Stock stock = choosing.stock();
      return chosen(wish, stock, choosing.made(stock));
    } catch (ActFailed | IOException | IllegalArgumentException e) {
      return new Choice.Refused(String.valueOf(e.getMessage()));
    }
  }

  private Stocktaking.Script script(Wish wish) throws IOException {
    ArchiveScript script =
        new ArchiveScript(
            Optional.empty(),
            folders.stream().<Archive.Place>map(Archive.Place.Folder::new).toList(),
            new ArchiveScript.Seat(
                wish.scratch(), wish.scratch(), wish.programs(), "localhost", 1, "", 0));
    Durable.write(script.file(), script.text(), null, "rw-------");
    Deadline deadline = Deadline.in(wish.deadline());
    LocalProcesses.Streams streams =
        new LocalProcesses.Streams(
            wish.scratch().resolve("printed"), wish.scratch().resolve("complaints"), PRINTED);
    return words -> {
      List<String> line = new ArrayList<>(List.of("/bin/sh", script.file().toString()));
      line.addAll(words);
      if (processes.capture(Program.of("", line), streams, deadline) != 0) {
        throw new ActFailed(
            "the archive: " + Complaint.of(LocalProcesses.tail(streams.errors(), 0)));
      }
      return Files.readString(streams.output());
    };
  }

  private Choice chosen(Wish wish, RestoreChoice.Stock stock, Choosing.Chosen made) {
    Base base = made.choice().base();
    List<Segment> way = made.choice().way(stock, made.target(), made.point());
    Origin origin =
        new Origin(
            base.id(),
            Integer.toString(base.version()),
            base.systemId(),
            stock.lineage().timeline(),
            made.choice().least(stock.segments()),
            base.bytes() + way.size() * stock.segments().size());
    return new Choice.Chosen(
        origin,
        new LayFromFolders(
            folders,
            new LayFromFolders.Load(base, way, stock),
            new LayFromFolders.Programs(processes, wish.programs(), wish.scratch())));
  }
}
