package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.DiskGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Load;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.imports.Dump;
import io.cotidal.copies.imports.DumpException;
import io.cotidal.copies.imports.Dumps;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
  private final NewPlace fresh;

  Importing(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
    this.fresh = new NewPlace(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    Optional<String> upload = turn.step().arguments().find(Acts.UPLOAD);
    if (upload.isEmpty()) {
      return load(turn);
    }
    try {
      return load(turn);
    } catch (EngineException | DumpException e) {
      // Its sender knows it by another name than the one that it has here.
      String message = String.valueOf(e.getMessage());
      throw new EngineException(message.replace(upload.get(), turn.need(Acts.DUMP)), e);
    }
  }

  private Details load(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    places.requireTemplateLink();
    Dump dump = recognise(turn);
    fresh.clear(id, turn.deadline());
    guard(dump);
    Place place = fresh.initialised(id, turn.deadline());
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
            .with(Acts.HASH, hash(turn, dump))
            .with(Acts.ROWS, rows.values().stream().mapToLong(Long::longValue).sum())
            .with(Acts.TABLES, rows.size())
            .with(Acts.VERSION, bench.tools().installation().version())
            .with(Acts.METHOD, bench.tools().volume().method().words())
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    fresh.whole(id, facts, turn.deadline());
    return facts;
  }

  private String hash(Turn turn, Dump dump) throws EngineException, IOException {
    String hash = Fingerprints.sha256(dump.file(), turn.deadline());
    String expected = turn.step().arguments().get(Acts.HASH, hash);
    if (!hash.equals(expected)) {
      throw new EngineException(
          "dump " + turn.need(Acts.DUMP) + " is not what was uploaded: its SHA-256 is " + hash);
    }
    return hash;
  }

  private Dump recognise(Turn turn) throws EngineException, IOException {
    Optional<String> upload = turn.step().arguments().find(Acts.UPLOAD);
    if (upload.isEmpty()) {
      return recognise(Path.of(turn.need(Acts.DUMP)));
    }
    Path file = bench.layout().upload(upload.get());
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new EngineException(
          "dump " + turn.need(Acts.DUMP) + ": what was uploaded is gone: upload it again");
    }
    return Dumps.recognise(bench.layout().uploads(), file);
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
    return fresh.finish(place, owner, administrator, turn.deadline());
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return fresh.inspect(turn.id());
  }
}
