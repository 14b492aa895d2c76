package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Installation;
import io.cotidal.copies.database.Place;
import io.cotidal.model.Details;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The empty data folder of each version of an engine, initialised once for all templates of a
 * volume and cloned ever after.
 */
final class Base {
  private final Bench bench;

  Base(Bench bench) {
    this.bench = bench;
  }

  /** The folder; made if it is not there. Templates that need it at the same time make it once. */
  Path ready(Deadline deadline) throws EngineException, IOException, InterruptedException {
    Installation installation = bench.tools().installation();
    Path folder = bench.layout().base(installation);
    Path made = folder.resolve("made");
    if (!Files.exists(made)) {
      Files.createDirectories(folder.getParent());
      Optional<EngineException> failure =
          new Gate(folder, bench.tools().processes())
              .look(Stamp.NONE, deadline, _ -> initialise(installation, folder, deadline))
              .flatMap(problem -> problem);
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
    return folder.resolve("data");
  }

  private Optional<EngineException> initialise(
      Installation installation, Path folder, Deadline deadline)
      throws IOException, InterruptedException {
    if (Files.exists(folder.resolve("made"))) {
      return Optional.empty();
    }
    bench.tools().volume().remove(folder, deadline);
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Place loading = bench.loading("base");
    Path data = folder.resolve("data");
    Path run = folder.resolve("run");
    bench.tools().volume().make(data, deadline);
    Files.createDirectory(run);
    Owner.take(folder, loading.uid());
    Place place =
        new Place(
            folder.getFileName().toString(),
            data,
            run,
            loading.uid(),
            loading.host(),
            0,
            loading.memoryMegabytes());
    try {
      bench.tools().engine().initialise(installation, place, deadline);
    } catch (EngineException e) {
      return Optional.of(e);
    }
    Made.write(folder.resolve("made"), Details.of("version", installation.version()));
    return Optional.empty();
  }
}
