package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.ArchiveSource.Order;
import io.cotidal.engine.snapshot.ArchiveSource.Result;
import io.cotidal.model.Progress;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.Segments.Segment;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A base backup and the log behind it, copied by this process alone, so that nothing goes on
 * writing should it die. What one repository lacks, or has damaged, is taken of the next.
 */
final class LayFromFolders implements ArchiveSource.Filling {
  private static final String RECORD = "cotidal.backup";
  private static final Path LOG = Path.of("pg_wal");

  private final List<Path> folders;
  private final Load load;
  private final Programs programs;

  /**
   * What is laid.
   *
   * @param way the segments of the log
   * @param stock what it was chosen from
   */
  record Load(Base base, List<Segment> way, RestoreChoice.Stock stock) {}

  /**
   * By what checksums are compared.
   *
   * @param folder of the server's programs
   * @param scratch where a program's output may lie
   */
  record Programs(LocalProcesses processes, Path folder, Path scratch) {}

  LayFromFolders(List<Path> folders, Load load, Programs programs) {
    this.folders = folders;
    this.load = load;
    this.programs = programs;
  }

  @Override
  public Result lay(Order order, Consumer<Progress> progress) throws InterruptedException {
    try {
      return laid(order, progress);
    } catch (ActFailed e) {
      return new Result.Failed(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      if (Thread.interrupted()) {
        throw (InterruptedException)
            new InterruptedException("the laying of a base backup was interrupted").initCause(e);
      }
      return new Result.Failed(String.valueOf(e.getMessage()));
    }
  }

  private Result laid(Order order, Consumer<Progress> progress)
      throws ActFailed, IOException, InterruptedException {
    Deadline deadline = Deadline.in(order.deadline());
    Optional<OsUser> owner =
        order.uid() < 0
            ? Optional.empty()
            : programs.processes().user(Integer.toString(order.uid()));
    long total = load.base().bytes() + load.way().size() * load.stock().segments().size();
    LongConsumer told =
        bytes -> {
          goOn(deadline);
          progress.accept(new Progress(Math.min(bytes, total), total, "bytes"));
        };
    Data data = base(order, owner, told, deadline);
    long bytes = data.bytes();
    for (Segment segment : load.way()) {
      long before = bytes;
      bytes += segment(order.target(), segment, owner, more -> told.accept(before + more));
    }
    history(order.target(), owner);
    return new Result.Laid(
        data.from().toString(),
        data.verified(),
        bytes,
        StillCopy.method(data.from(), order.target()));
  }

  private void goOn(Deadline deadline) {
    String id = load.base().id();
    if (Thread.currentThread().isInterrupted()) {
      throw new UncheckedIOException(
          new IOException("the copy of the base backup " + id + " was interrupted"));
    }
    if (deadline.over()) {
      throw new UncheckedIOException(
          new IOException("the copy of the base backup " + id + " did not end in time"));
    }
  }

  private record Data(Path from, boolean verified, long bytes) {}

  /** From the first repository in which it is what it was when it was taken. */
  private Data base(Order order, Optional<OsUser> owner, LongConsumer told, Deadline deadline)
      throws ActFailed, IOException, InterruptedException {
    String why = " is in none of the repositories";
    for (Path folder : folders) {
      Path backup = folder.resolve("base").resolve(load.base().id());
      if (!Files.exists(backup.resolve(RECORD))) {
        continue;
      }
      Durable.empty(order.target());
      TreeCopy tree = new TreeCopy(backup.resolve("data"), order.target(), owner, told);
      tree.copy(relative -> false);
      // One that is removed meanwhile loses its name first.
      Optional<String> damage =
          Files.exists(backup.resolve(RECORD))
              ? damage(order.target(), deadline)
              : Optional.of("it was removed meanwhile");
      if (damage.isEmpty()) {
        Files.deleteIfExists(order.target().resolve("backup_manifest"));
        return new Data(folder, verifies(), tree.bytes());
      }
      why = " is damaged in " + folder + ": " + damage.get();
    }
    throw new ActFailed("the base backup " + load.base().id() + why);
  }

  private Path verifier() {
    return programs.folder().resolve("pg_verifybackup");
  }

  private boolean verifies() {
    return Files.isExecutable(verifier());
  }

  /** What differs from the checksums that were taken with the backup; empty if nothing does. */
  private Optional<String> damage(Path data, Deadline deadline)
      throws IOException, InterruptedException {
    if (!verifies()) {
      return Optional.empty();
    }
    LocalProcesses.Result result =
        programs
            .processes()
            .run(
                Program.of(
                    "",
                    List.of(verifier().toString(), "--quiet", "--no-parse-wal", data.toString())),
                programs.scratch().resolve("verified"),
                started -> {},
                deadline);
    return result.exit() == 0
        ? Optional.empty()
        : Optional.of(result.output().lines().findFirst().orElse("no reason is given"));
  }

  /**
   * One segment, whole. What only the backup itself has stays as it came with it.
   *
   * @return how many bytes
   */
  private long segment(Path data, Segment segment, Optional<OsUser> owner, LongConsumer told)
      throws ActFailed, IOException {
    String name = load.stock().segments().name(segment);
    long size = load.stock().segments().size();
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.exists(file) && Files.size(file) == size) {
        TreeCopy copy = new TreeCopy(folder, data.resolve(LOG), owner, told);
        copy.file(Path.of(name));
        if (copy.bytes() == size) {
          return size;
        }
      }
    }
    boolean own = segment.number() <= load.stock().segments().endingAt(load.base().stop());
    if (!own) {
      throw new ActFailed("the archive lacks " + name + ", or has it cut short");
    }
    return 0;
  }

  private void history(Path data, Optional<OsUser> owner) throws IOException {
    long timeline = load.stock().lineage().timeline();
    if (timeline == 1) {
      return;
    }
    String name = String.format(Locale.ROOT, "%08X.history", timeline);
    Path made = data.resolve(LOG).resolve(name);
    Durable.write(made, load.stock().history(), owner.orElse(null), "rw-------");
  }
}
