package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.pgclient.Lsn;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.RestorePoint;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * From which base backup, and by which log, what somebody asks for is reached. Reads repositories,
 * and touches no data. What cannot be is an {@link IllegalArgumentException} with one line.
 */
final class Choosing {
  private final Stocktaking stocktaking;
  private final Details wish;
  private final RecoveryTarget target;

  /**
   * A choice.
   *
   * @param choice what was chosen
   * @param point where the target's name stands, if it is a name
   */
  record Chosen(RestoreChoice choice, RecoveryTarget target, Optional<Long> point) {}

  /**
   * For that wish.
   *
   * @param wish in the words of {@link RecoveryTarget} and {@link ArchiveSource}
   */
  Choosing(Stocktaking stocktaking, Details wish) {
    this.stocktaking = stocktaking;
    this.wish = wish;
    this.target = RecoveryTarget.of(wish);
  }

  /** What it is chosen from. */
  RestoreChoice.Stock stock() throws ActFailed, IOException, InterruptedException {
    return stocktaking.of(wish.find(ArchiveSource.TIMELINE).map(Long::valueOf));
  }

  /** Chooses. */
  Chosen made(RestoreChoice.Stock stock) throws ActFailed, IOException, InterruptedException {
    Optional<Long> point =
        target instanceof RecoveryTarget.Name name
            ? Optional.of(point(name, stocktaking.points(stock)))
            : Optional.empty();
    RestoreChoice choice =
        RestoreChoice.choose(stock, target, wish.find(ArchiveSource.BACKUP), point);
    if (target instanceof RecoveryTarget.Time) {
      Optional<Instant> archived = stocktaking.archived(stock, choice);
      if (archived.isPresent()) {
        choice.requireReaches(target, stock.segments(), archived.get());
      }
    }
    return new Chosen(choice, target, point);
  }

  private static long point(RecoveryTarget.Name name, List<RestorePoint> points) throws ActFailed {
    List<RestorePoint> found =
        points.stream().filter(point -> point.name().equals(name.name())).toList();
    if (found.size() == 1) {
      return found.getFirst().position();
    }
    if (found.isEmpty()) {
      throw new ActFailed("the archive knows no restore point " + name.name() + names(points));
    }
    List<String> where = found.stream().map(point -> Lsn.format(point.position())).toList();
    throw new ActFailed(
        "there are several restore points "
            + name.name()
            + ": name one by to-lsn, "
            + String.join(" or ", where));
  }

  private static String names(List<RestorePoint> points) {
    return points.isEmpty()
        ? ", and no other"
        : "; it knows "
            + String.join(", ", points.stream().map(RestorePoint::name).distinct().toList());
  }
}
