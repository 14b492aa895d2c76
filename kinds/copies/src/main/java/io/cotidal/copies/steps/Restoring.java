package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.DiskGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.DatabaseEngine.Recovered;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.ArchiveSource.Choice;
import io.cotidal.engine.snapshot.ArchiveSource.Origin;
import io.cotidal.engine.snapshot.ArchiveSource.Result;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;

/**
 * Makes a new generation out of an archive, as its cluster was at a target: choose, lay, recover,
 * prove, masks, freeze. Nothing is written where it comes from. As with a dump, only the record
 * written last makes it count.
 */
final class Restoring implements Act {
  private final Bench bench;
  private final Places places;
  private final NewPlace fresh;

  Restoring(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
    this.fresh = new NewPlace(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    ArchiveSource source = source(turn.step().arguments());
    places.requireTemplateLink();
    fresh.clear(id, turn.deadline());
    Place place = fresh.empty(id, turn.deadline());
    Choice.Chosen chosen = chosen(turn, source);
    Origin origin = chosen.origin();
    bench.tools().engine().adoptable(bench.tools().installation(), origin.version());
    guard(origin);
    Secret administrator = bench.random();
    bench.tools().secrets().put(bench.spec().id(), id + "/administrator", administrator);
    Result.Laid laid = laid(turn, chosen, place);
    User owner =
        new User(bench.spec().database().user(), bench.random(), bench.spec().database().name());
    RecoveryTarget target = RecoveryTarget.of(turn.step().arguments());
    Recovered recovered =
        bench
            .tools()
            .engine()
            .restore(
                bench.tools().installation(),
                place,
                new DatabaseEngine.Restoration(
                    origin.version(), origin.timeline(), target, origin.least(), owner),
                turn.deadline());
    Details proven = fresh.proven(place, turn.deadline());
    SortedMap<String, Long> rows = fresh.finish(place, owner, administrator, turn.deadline());
    Durable.empty(scratch(id));
    Files.delete(scratch(id));
    Details facts =
        provenance(origin, laid, recovered)
            .with(Acts.TO, target.words())
            .with(proven)
            .with(Acts.ROWS, rows.values().stream().mapToLong(Long::longValue).sum())
            .with(Acts.TABLES, rows.size())
            .with(Acts.VERSION, bench.tools().installation().version())
            .with(Acts.METHOD, bench.tools().volume().method().words())
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    fresh.whole(id, facts, turn.deadline());
    return facts;
  }

  /** What the configuration names must be what the step was planned with. */
  private ArchiveSource source(Details arguments) throws EngineException {
    var template = bench.spec().template();
    if (arguments.has(Acts.ARCHIVE)) {
      if (template.archive().stream()
          .limit(1)
          .noneMatch(first -> first.toString().equals(arguments.need(Acts.ARCHIVE)))) {
        throw elsewhere();
      }
      return bench.tools().sources().archive(template.archive());
    }
    ResourceId cluster =
        template
            .from()
            .map(from -> from.resource())
            .filter(each -> each.toString().equals(arguments.get(Acts.FROM, "")))
            .orElseThrow(Restoring::elsewhere);
    return bench
        .tools()
        .sources()
        .archive(cluster)
        .orElseThrow(() ->
            new EngineException(
                cluster
                    + " is not managed by this daemon, or archives into no folder: name the folder"
                    + " by from-archive"));
  }

  private static EngineException elsewhere() {
    return new EngineException("the configuration names another source now: import again");
  }

  /** Beside the data, and gone with it. */
  private Path scratch(String id) {
    return bench.layout().folder(id).resolve("archive");
  }

  private Choice.Chosen chosen(Turn turn, ArchiveSource source)
      throws EngineException, IOException, InterruptedException {
    Path scratch =
        Files.createDirectory(
            scratch(turn.id()),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ArchiveSource.Wish wish =
        new ArchiveSource.Wish(
            turn.step().arguments(),
            bench.tools().installation().server(),
            scratch,
            turn.deadline().left());
    return switch (source.choose(wish)) {
      case Choice.Refused refused -> throw new EngineException(refused.reason());
      case Choice.Chosen chosen -> chosen;
    };
  }

  private void guard(Origin origin) throws EngineException, IOException {
    Verdict verdict =
        new DiskGuard(bench.spec().storage().reserveBytes())
            .judge(bench.tools().volume().space(), 0, origin.bytes());
    if (verdict instanceof Verdict.Refused refused) {
      throw new EngineException(refused.reason());
    }
  }

  private static Result.Laid laid(Turn turn, Choice.Chosen chosen, Place place)
      throws EngineException, InterruptedException {
    ArchiveSource.Order order =
        new ArchiveSource.Order(place.data(), place.uid(), turn.deadline().left());
    return switch (chosen.filling().lay(order, turn.progress())) {
      case Result.Failed failed -> throw new EngineException(failed.reason());
      case Result.Laid laid -> laid;
    };
  }

  private static Details provenance(Origin origin, Result.Laid laid, Recovered recovered) {
    return Details.of(Acts.BYTES, laid.bytes())
        .with(Acts.BACKUP, origin.backup())
        .with(Acts.REPOSITORY, laid.from())
        .with(Acts.VERIFIED, laid.verified() ? "yes" : "no: there is no pg_verifybackup")
        .with(Acts.CLUSTER, origin.cluster())
        .with(Acts.TIMELINE, recovered.timeline())
        .with(Acts.POSITION, recovered.position())
        .with(Acts.SAID, recovered.said())
        .with(
            Acts.LAST_COMMIT,
            recovered.lastCommit().isEmpty()
                ? "none since the base backup"
                : recovered.lastCommit())
        .with(Acts.TAKEN_BY, laid.method());
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return fresh.inspect(turn.id());
  }
}
