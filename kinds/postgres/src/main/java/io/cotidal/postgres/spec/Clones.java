package io.cotidal.postgres.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a failover is rehearsed on throw-away clones, on the daemon's own machine.
 *
 * @param every how long after one such rehearsal the next one is due; zero for none by itself
 * @param fault what becomes of the clones' primary in one that begins by itself
 * @param folder where clones are made; empty for a folder beside the daemon's store
 * @param limit how many bytes a cluster may have to be copied for it
 * @param rate how many bytes a second the copy may take; 0 for as many as it can
 * @param port the first port that a clone may listen on
 * @param bin where the server's programs are on the daemon's machine; empty for where the copied
 *     member has them
 * @param user the operating-system user that runs the clones; empty for the one that runs the
 *     copied member
 */
public record Clones(
    Duration every,
    Fault fault,
    Optional<Path> folder,
    long limit,
    long rate,
    int port,
    Optional<Path> bin,
    Optional<String> user) {
  /** Never by itself; up to 50 GiB. */
  public static final Clones PLAIN =
      new Clones(
          Duration.ZERO,
          Fault.PROCESS_DEAD,
          Optional.empty(),
          50L << 30,
          0,
          27_400,
          Optional.empty(),
          Optional.empty());

  /** This, so often by itself. */
  public Clones every(Duration other) {
    return new Clones(other, fault, folder, limit, rate, port, bin, user);
  }

  /** This for clusters of so many bytes at most. */
  public Clones upTo(long other) {
    return new Clones(every, fault, folder, other, rate, port, bin, user);
  }
}
