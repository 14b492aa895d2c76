package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Makes a place: a clone of a generation, and a server on it, for an owner or as a spare. */
final class Making implements Act {
  private final Bench bench;
  private final Startup startup;
  private final Places places;
  private final Door door;
  private final boolean spare;

  /** Makes copies, or spares, which are paused when they are ready. */
  Making(Bench bench, boolean spare) {
    this.bench = bench;
    this.startup = new Startup(bench);
    this.places = new Places(bench);
    this.door = new Door(bench);
    this.spare = spare;
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    String generation = turn.need(Acts.GENERATION);
    long begun = System.nanoTime();
    bench.tools().runtime().require(turn.deadline());
    if (!spare) {
      places.requireLink(turn.need(Acts.NAME));
    }
    places.remove(turn.id(), turn.deadline());
    folders(turn.id());
    clone(turn.id(), generation, turn.deadline());
    long cloned = System.nanoTime();
    certify(turn.id());
    Secret administrator = bench.administrator(generation);
    Administration session =
        startup
            .named(spare ? "" : turn.need(Acts.NAME))
            .up(turn.id(), administrator, true, turn.deadline());
    long started = System.nanoTime();
    if (spare) {
      // All but the proof that it goes on, so that nothing else is left to do for its owner.
      bench.sessions().keep(turn.id(), door.prepare(turn.id(), session));
      bench.tools().runtime().pause(bench.place(turn.id()));
    } else {
      try (session) {
        door.open(turn.id(), session);
      }
    }
    Details facts =
        places
            .facts(turn.id())
            .with(Acts.GENERATION, generation)
            .with(Acts.MILLIS, millis(begun, System.nanoTime()))
            .with("clone-millis", millis(begun, cloned))
            .with("start-millis", millis(cloned, started));
    Made.write(
        bench.layout().made(turn.id()),
        spare ? facts : facts.with(Acts.NAME, turn.need(Acts.NAME)));
    if (!spare) {
      places.link(turn.need(Acts.NAME), turn.id());
    }
    return facts;
  }

  /** The folder is ours; what is in it belongs to the server's account. */
  private void folders(String id) throws IOException, InterruptedException {
    Path folder = bench.layout().folder(id);
    Files.createDirectories(folder.getParent());
    var shut = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(folder, shut);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path run = bench.layout().run(id);
    Files.createDirectory(
        run, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    bench.tools().ports().take(run, Set.of());
    Owner.give(run, bench.place(id).uid());
  }

  /** Users must read the certificate to trust it; the folder that has its key is shut to them. */
  private void certify(String id) throws IOException {
    Place place = bench.place(id);
    bench.tools().certificates().make(place, bench.names());
    Path open = bench.layout().certificate(id);
    Files.copy(place.certificate(), open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private void clone(String id, String generation, Deadline deadline)
      throws IOException, InterruptedException {
    bench
        .tools()
        .volume()
        .copy(
            bench.layout().data(generation),
            bench.layout().data(id),
            bench.place(id).uid(),
            bench.tools().engine()::leftOut,
            deadline);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    Optional<Details> made = Made.read(bench.layout().made(turn.id()));
    if (made.isEmpty()) {
      return new Inspection.NotApplied("it is not whole");
    }
    boolean runs = bench.tools().runtime().standing(bench.place(turn.id())) != Standing.GONE;
    return runs
        ? new Inspection.Applied(made.get())
        : new Inspection.NotApplied("its server does not run");
  }

  static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
