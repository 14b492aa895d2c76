package io.cotidal.postgres.rehearsal;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.LogKeeping;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What there must be on the daemon's machine before anything is copied. Pure.
 *
 * @param source the member that is copied
 * @param bytes of it
 * @param major version of it
 * @param tablespaces how many it has beside the usual ones
 * @param limit how many bytes it may have
 * @param bin where programs are looked for
 * @param programs the major version of the programs there; 0 if there are none
 * @param superuser whether the clones would run as root
 * @param folder where clones are made
 * @param free bytes there
 * @param copies how many whole copies are made there; 1 if the file system shares what is equal
 * @param members how many clones there are
 */
record Ground(
    MemberId source,
    long bytes,
    int major,
    int tablespaces,
    long limit,
    Path bin,
    int programs,
    boolean superuser,
    Path folder,
    long free,
    int copies,
    int members) {
  /** For the log of each clone, and so that the disk is not filled to its end. */
  static final long RESERVE = 256L << 20;

  /** Why no clones can be made, with what to do about it; empty if they can. */
  Optional<String> refusal() {
    if (superuser) {
      return refused(
          "PostgreSQL does not run as root", "write user into rehearsal: who is to run clones");
    }
    if (programs == 0) {
      return refused(
          "there are no programs of PostgreSQL in " + bin + " on this machine",
          "install version " + major + " here, or write bin into rehearsal");
    }
    if (programs != major) {
      return refused(
          "the programs in " + bin + " are of version " + programs + ", " + source + " of " + major,
          "install version " + major + " here, or write bin into rehearsal");
    }
    if (tablespaces > 0) {
      return refused(
          source + " has " + tablespaces + " tablespaces, which a clone cannot place",
          "rehearse without on-clones");
    }
    if (bytes > limit) {
      return refused(
          source
              + " has "
              + LogKeeping.amount(bytes)
              + ", and rehearsal.limit is "
              + LogKeeping.amount(limit),
          "raise it if this machine may copy so much");
    }
    long needed = bytes * copies + RESERVE * members;
    if (free < needed) {
      return refused(
          folder
              + " has "
              + LogKeeping.amount(free)
              + " left, and "
              + members
              + " clones need "
              + LogKeeping.amount(needed),
          "make room there, or write another folder into rehearsal");
    }
    return Optional.empty();
  }

  private static Optional<String> refused(String why, String remedy) {
    return Optional.of("no clones are made: " + why + "; " + remedy);
  }
}
