package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.DiskGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Load;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.imports.Dump;
import io.cotidal.copies.imports.Dumps;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec.Isolation;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;

/**
 * Loads a dump into a new generation, aside: base, load, masks, freeze. Only the record written
 * last makes it count; an interrupted one begins again from nothing.
 */
final class Importing implements Act {
  /** Data with its indexes and logs, beside a dump of it: 1.3 was measured, this leaves room. */
  private static final int PLAIN_FACTOR = 2;

  /** Dumps shrink to half and less. */
  private static final int PACKED_FACTOR = 5;

  private final Bench bench;
  private final Places places;
  private final Base base;

  Importing(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
    this.base = new Base(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    Dump dump = recognise(Path.of(turn.need(Acts.DUMP)));
    places.removeServer(id, turn.deadline());
    places.remove(id, turn.deadline());
    guard(dump);
    Place place = prepare(id, turn.deadline());
    Secret administrator = bench.random();
    bench.tools().secrets().put(bench.spec().id(), id + "/administrator", administrator);
    SortedMap<String, Long> rows;
    try {
      rows = fill(turn, dump, place, administrator);
    } catch (CancellationException e) {
      throw new InterruptedException("the import was cancelled");
    }
    Details facts =
        Details.of(Acts.BYTES, dump.bytes())
            .with(Acts.HASH, Fingerprints.sha256(dump.file(), turn.deadline()))
            .with(Acts.ROWS, rows.values().stream().mapToLong(Long::longValue).sum())
            .with(Acts.TABLES, rows.size())
            .with(Acts.VERSION, bench.tools().installation().version())
            .with(Acts.METHOD, bench.tools().volume().method().words())
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    Made.write(bench.layout().made(id), facts);
    if (bench.spec().service().isolation() == Isolation.DATABASE) {
      // What nobody could copy is not published, and the first copy need not wait for it.
      Hosts.of(bench).ready(id, turn.deadline());
    }
    return facts;
  }

  private Dump recognise(Path file) throws EngineException, IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new EngineException("dump " + file + ": write its absolute path");
    }
    return Dumps.recognise(bench.spec().template().dumps().orElse(parent), file);
  }

  /** A server whose disk is full takes what others have with it: better not begun. */
  private void guard(Dump dump) throws EngineException, IOException {
    int factor = dump.packing() == Dump.Packing.NONE ? PLAIN_FACTOR : PACKED_FACTOR;
    Verdict verdict =
        new DiskGuard(bench.spec().storage().reserveBytes())
            .judge(bench.tools().volume().space(), 0, dump.bytes() * factor);
    if (verdict instanceof Verdict.Refused refused) {
      throw new EngineException(refused.reason());
    }
  }

  private Place prepare(String id, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Path empty = base.ready(deadline);
    Path folder = bench.layout().folder(id);
    var shut = PosixFilePermissions.fromString("rwx--x--x");
    Files.createDirectories(folder.getParent());
    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(shut));
    Files.setPosixFilePermissions(folder, shut);
    Place place = bench.loading(id);
    Files.createDirectory(
        place.run(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Owner.give(place.run(), place.uid());
    bench
        .tools()
        .volume()
        .copy(empty, place.data(), place.uid(), bench.tools().engine()::leftOut, deadline);
    bench.tools().certificates().make(place, bench.names());
    return place;
  }

  private SortedMap<String, Long> fill(Turn turn, Dump dump, Place place, Secret administrator)
      throws EngineException, IOException, InterruptedException {
    Bench.Tools tools = bench.tools();
    DatabaseEngine engine = tools.engine();
    User owner =
        new User(bench.spec().database().user(), bench.random(), bench.spec().database().name());
    Load load =
        new Load(
            dump,
            owner,
            bench.spec().template().charset(),
            read -> turn.progress().accept(new Progress(read, dump.bytes(), "bytes")));
    engine.load(tools.installation(), place, load, turn.deadline());
    for (Path hook : bench.spec().template().hooks()) {
      String sql = Files.readString(hook);
      engine.hook(
          tools.installation(),
          place,
          new DatabaseEngine.Hook(sql, owner.database()),
          turn.deadline());
    }
    return engine.freeze(
        tools.installation(),
        place,
        new DatabaseEngine.Freeze(administrator, owner),
        turn.deadline());
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    Optional<Details> made = Made.read(bench.layout().made(turn.id()));
    return made.isPresent()
        ? new Inspection.Applied(made.get())
        : new Inspection.NotApplied("it is not whole");
  }
}
