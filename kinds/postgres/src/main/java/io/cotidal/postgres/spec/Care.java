package io.cotidal.postgres.spec;

import java.util.Optional;

/**
 * What becomes of a cluster's write-ahead log and of its disks, and how members are copied.
 *
 * @param slots how much slots may keep
 * @param archive where it is archived; empty if Cotidal archives nothing
 * @param copying how members are copied
 * @param disk how little room there may be
 * @param restore from what it can be made; empty if from nothing
 * @param settings whether parameters of running servers are kept as they are declared
 * @param losses what is kept of a log that the primary has not
 */
public record Care(
    SlotLimits slots,
    Optional<Archive> archive,
    Copying copying,
    DiskLimits disk,
    Optional<Restore> restore,
    boolean settings,
    LossKeeping losses) {
  /** The usual limits, no archive. */
  public static final Care PLAIN =
      new Care(SlotLimits.DEFAULT, Optional.empty(), Copying.PLAIN, DiskLimits.DEFAULT);

  /** Of a cluster that is made from nothing. */
  public Care(SlotLimits slots, Optional<Archive> archive, Copying copying, DiskLimits disk) {
    this(slots, archive, copying, disk, Optional.empty(), true, LossKeeping.DEFAULT);
  }

  /** This of a cluster that can be made from that. */
  public Care from(Restore other) {
    return new Care(slots, archive, copying, disk, Optional.of(other), settings, losses);
  }

  /** This with that archive. */
  public Care with(Archive other) {
    return new Care(slots, Optional.of(other), copying, disk, restore, settings, losses);
  }

  /** This with copies at that rate. */
  public Care at(long other) {
    return new Care(
        slots, archive, new Copying(copying.way(), other), disk, restore, settings, losses);
  }

  /** This with copies by that way. */
  public Care by(CopyWay other) {
    return new Care(
        slots, archive, new Copying(other, copying.rate()), disk, restore, settings, losses);
  }

  /** How many bytes a second a copy of a member may take; 0 for as many as it can. */
  public long rate() {
    return copying.rate();
  }

  /** This with those limits of the disk. */
  public Care with(DiskLimits other) {
    return new Care(slots, archive, copying, other, restore, settings, losses);
  }

  /** This, with parameters of running servers kept or left alone. */
  public Care settings(boolean kept) {
    return new Care(slots, archive, copying, disk, restore, kept, losses);
  }

  /** This with that much kept of what is lost. */
  public Care with(LossKeeping other) {
    return new Care(slots, archive, copying, disk, restore, settings, other);
  }
}
