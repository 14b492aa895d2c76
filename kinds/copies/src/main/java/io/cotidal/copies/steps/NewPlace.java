package io.cotidal.copies.steps;

import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.CopiesSpec.Isolation;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The place of a new generation, wherever its data comes from: its folders, masks, the end. */
final class NewPlace {
  /** So much of a wrong answer is told. */
  private static final int ANSWER = 200;

  private final Bench bench;
  private final Base base;

  NewPlace(Bench bench) {
    this.bench = bench;
    this.base = new Base(bench);
  }

  /** Removes what an earlier attempt left, its server first. */
  void clear(String id, Deadline deadline) throws IOException, InterruptedException {
    Places places = new Places(bench);
    places.removeServer(id, deadline);
    places.remove(id, deadline);
  }

  /** Records that it is whole. What nobody could copy is not published. */
  void whole(String id, Details facts, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Made.write(bench.layout().made(id), facts);
    if (bench.spec().service().isolation() == Isolation.DATABASE) {
      // The first copy need not wait for it then.
      Hosts.of(bench).ready(id, deadline);
    }
  }

  /** With the data of an empty server. */
  Place initialised(String id, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Path empty = base.ready(deadline);
    Place place = folders(id);
    bench
        .tools()
        .volume()
        .copy(empty, place.data(), place.uid(), bench.tools().engine()::leftOut, deadline);
    bench.tools().certificates().make(place, bench.names());
    return place;
  }

  /** With an empty data folder. */
  Place empty(String id, Deadline deadline) throws IOException, InterruptedException {
    Place place = folders(id);
    bench.tools().volume().make(place.data(), deadline);
    Owner.give(place.data(), place.uid());
    bench.tools().certificates().make(place, bench.names());
    return place;
  }

  private Place folders(String id) throws IOException {
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
    return place;
  }

  /**
   * Asks what must be so before anybody may copy it, and before masks change it.
   *
   * @throws EngineException with question and answer if one is not so
   */
  Details proven(Place place, Deadline deadline) throws EngineException, InterruptedException {
    List<CopiesSpec.Check> checks = bench.spec().template().checks();
    Details evidence = Details.of(Acts.CHECKS, checks.size());
    for (int i = 0; i < checks.size(); i++) {
      CopiesSpec.Check check = checks.get(i);
      String answer =
          bench
              .tools()
              .engine()
              .answer(
                  bench.tools().installation(),
                  place,
                  new DatabaseEngine.Question(check.query(), check.database()),
                  deadline);
      if (!answer.equals(check.answer())) {
        throw new EngineException(
            "check "
                + (i + 1)
                + " in "
                + check.database()
                + ", '"
                + check.query()
                + "': the answer is '"
                + answer.substring(0, Math.min(ANSWER, answer.length()))
                + "', and should be '"
                + check.answer()
                + "'");
      }
      evidence = evidence.with("check." + (i + 1), check.query() + " → " + answer);
    }
    return evidence;
  }

  /** Masks and freezes it; gives how many rows each table holds. */
  SortedMap<String, Long> finish(Place place, User owner, Secret administrator, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Bench.Tools tools = bench.tools();
    for (Path hook : bench.spec().template().hooks()) {
      String sql = Files.readString(hook);
      tools
          .engine()
          .hook(
              tools.installation(),
              place,
              new DatabaseEngine.Hook(sql, owner.database()),
              deadline);
    }
    return tools
        .engine()
        .freeze(
            tools.installation(), place, new DatabaseEngine.Freeze(administrator, owner), deadline);
  }

  /** Whether the place is whole. */
  Inspection inspect(String id) throws IOException {
    Optional<Details> made = Made.read(bench.layout().made(id));
    return made.isPresent()
        ? new Inspection.Applied(made.get())
        : new Inspection.NotApplied("it is not whole");
  }
}
