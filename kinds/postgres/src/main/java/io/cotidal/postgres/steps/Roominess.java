package io.cotidal.postgres.steps;

import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Whether a copy finds room, so that one that does not is never begun. */
final class Roominess {
  /** For the log that the copy brings along, and a little more. */
  private static final long BESIDE = 64L << 20;

  private static final Set<String> SHARING = Set.of("btrfs", "xfs", "bcachefs", "zfs");

  private Roominess() {}

  /** Before anything is removed: whether so much would fit on a disk that held nothing else. */
  static void requirePossible(Turn turn, long bytes)
      throws ActFailed, IOException, InterruptedException {
    Optional<Room.Area> area = area(turn);
    if (area.isPresent() && area.get().total() < bytes) {
      throw tooSmall(area.get(), bytes);
    }
  }

  /** Once what was there is gone: whether so much fits. What cannot be told refuses nothing. */
  static void require(Turn turn, long bytes) throws ActFailed, IOException, InterruptedException {
    Optional<Room.Area> area = area(turn);
    if (area.isPresent() && area.get().free() < bytes + BESIDE) {
      throw tooSmall(area.get(), bytes + BESIDE);
    }
  }

  private static Optional<Room.Area> area(Turn turn) throws IOException, InterruptedException {
    return turn.inside().sight().room().map(room -> room.areas().getFirst());
  }

  private static ActFailed tooSmall(Room.Area area, long bytes) {
    return new ActFailed(
        "no room for a copy at "
            + area.path()
            + ": it needs "
            + LogKeeping.amount(bytes)
            + ", and "
            + LogKeeping.amount(area.free())
            + " of "
            + LogKeeping.amount(area.total())
            + " are left; make room there, or give it more");
  }

  /** Whether files of the one may be shared with the other, so that a copy takes no room. */
  static boolean shares(Node source, Node target) throws IOException {
    Path from = source.data();
    return Files.getAttribute(from, "unix:dev")
            .equals(Files.getAttribute(target.data(), "unix:dev"))
        && SHARING.contains(Files.getFileStore(from).type());
  }
}
