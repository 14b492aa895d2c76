package io.cotidal.postgres.spec;

import java.util.Optional;

/**
 * What becomes of a cluster's write-ahead log and of its disks, and how members are copied.
 *
 * @param slots how much slots may keep
 * @param archive where it is archived; empty if Cotidal archives nothing
 * @param rate how many bytes a second a copy of a member may take; 0 for as many as it can
 * @param disk how little room there may be
 */
public record Care(SlotLimits slots, Optional<Archive> archive, long rate, DiskLimits disk) {
  /** The usual limits, no archive. */
  public static final Care PLAIN =
      new Care(SlotLimits.DEFAULT, Optional.empty(), 0, DiskLimits.DEFAULT);

  /** This with that archive. */
  public Care with(Archive other) {
    return new Care(slots, Optional.of(other), rate, disk);
  }

  /** This with that rate. */
  public Care at(long other) {
    return new Care(slots, archive, other, disk);
  }

  /** This with those limits of the disk. */
  public Care with(DiskLimits other) {
    return new Care(slots, archive, rate, other);
  }
}
