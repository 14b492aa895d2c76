package io.cotidal.engine.snapshot;

import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A resource of which a member's data folder can be taken as it stood at one moment, without its
 * clients noticing. Thread-safe.
 */
public interface SnapshotSource {
  /**
   * Whether {@link #take} would find a member now, by what is known already: asks no server.
   *
   * @param member the one that it must be; empty for any that fits
   */
  Offer offer(Optional<MemberId> member);

  /**
   * Copies a member's data. What it changes on the member for that time it has undone when it
   * returns, and should this process die, the member is what it was without anybody's doing.
   *
   * @param progress told how many bytes are copied
   * @throws InterruptedException if the thread was interrupted; the target is of no use then
   */
  Result take(Order order, Consumer<Progress> progress) throws InterruptedException;

  /** Whether there is something to take. */
  sealed interface Offer {
    /**
     * A member fits.
     *
     * @param version of its server
     * @param mark another one means that the data has changed
     */
    record Ready(MemberId member, String version, String mark) implements Offer {}

    /**
     * Whether one fits is not known yet, or will be another answer soon: whoever can wait asks
     * again. One sentence.
     */
    record Later(String reason) implements Offer {}

    /** None fits; one sentence. */
    record Refused(String reason) implements Offer {}
  }

  /**
   * What is to be taken, and whereto.
   *
   * @param member the one that it must be; empty for any that fits
   * @param target an empty folder
   * @param uid whose the copied files become; -1 for this process's own
   * @param deadline how long it may take
   */
  record Order(Optional<MemberId> member, Path target, int uid, Duration deadline) {}

  /** What became of an order. */
  sealed interface Result {
    /** The target holds the data, and the log that makes it consistent. */
    record Taken(Provenance provenance) implements Result {}

    /** The target is of no use; one sentence with reason and remedy. */
    record Failed(String reason) implements Result {}
  }

  /**
   * Where data came from.
   *
   * @param version of the server, as in {@code 15.18}
   * @param cluster the identifier that all members of its cluster share
   * @param timeline on which the position lies
   * @param position up to which the data goes, as the server writes it
   * @param moment at which it stood so, by this host's clock
   * @param bytes copied, shared ones included
   * @param method how: {@code reflink} or {@code copy}
   * @param paused how long the member stood still for it
   */
  record Provenance(
      MemberId member,
      String version,
      String cluster,
      long timeline,
      String position,
      Instant moment,
      long bytes,
      String method,
      Duration paused) {}
}
