package io.cotidal.postgres.archive;

import io.cotidal.postgres.archive.Inventory.Backup;
import io.cotidal.postgres.archive.Segments.Segment;
import java.util.Comparator;
import java.util.Optional;

/**
 * What of an archive may go.
 *
 * @param before the first segment that stays; timelines do not matter
 * @param reason why that one
 */
public record Expiry(Segment before, String reason) {
  /**
   * Chooses. Backups of which one is old enough make those before it useless: the newest of the old
   * ones stays, with everything after it. If none is, the oldest stays.
   *
   * @param needed the lowest segment that a member may still ask for
   * @param minutes how old something must be to go
   */
  public static Expiry choose(Inventory inventory, Segment needed, long minutes) {
    Comparator<Backup> order = Comparator.comparingLong(backup -> backup.start().number());
    Optional<Backup> kept =
        inventory.backups().stream()
            .filter(backup -> backup.minutes() >= minutes)
            .max(order)
            .or(() -> inventory.backups().stream().min(order));
    Optional<Backup> base =
        inventory.bases().stream()
            .map(each -> new Backup(new Segment(each.timeline(), each.firstSegment()), 0))
            .min(order);
    if (base.isPresent() && (kept.isEmpty() || order.compare(base.get(), kept.get()) < 0)) {
      kept = base;
    }
    if (kept.isPresent() && kept.get().start().number() < needed.number()) {
      return new Expiry(kept.get().start(), "a backup begins there");
    }
    return new Expiry(needed, "a member may still ask for it");
  }
}
