package io.cotidal.postgres.spec;

import java.util.Optional;

/**
 * What becomes of a cluster's write-ahead log and of its disks, and how members are copied.
 *
 * @param slots how much slots may keep
 * @param archive where it is archived; empty if Cotidal archives nothing
 * @param copying how members are copied
 * @param disk how little room there may be
 */
public record Care(SlotLimits slots, Optional<Archive> archive, Copying copying, DiskLimits disk) {
  /** The usual limits, no archive. */
  public static final Care PLAIN =
      new Care(SlotLimits.DEFAULT, Optional.empty(), Copying.PLAIN, DiskLimits.DEFAULT);

  /** This with that archive. */
  public Care with(Archive other) {
    return new Care(slots, Optional.of(other), copying, disk);
  }

  /** This with copies at that rate. */
  public Care at(long other) {
    return new Care(slots, archive, new Copying(copying.way(), other), disk);
  }

  /** This with copies by that way. */
  public Care by(CopyWay other) {
    return new Care(slots, archive, new Copying(other, copying.rate()), disk);
  }

  /** How many bytes a second a copy of a member may take; 0 for as many as it can. */
  public long rate() {
    return copying.rate();
  }

  /** This with those limits of the disk. */
  public Care with(DiskLimits other) {
    return new Care(slots, archive, copying, other);
  }
}
