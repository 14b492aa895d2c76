package io.cotidal.postgres.observe;

import io.cotidal.model.Details;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.reach.Room;
import io.cotidal.postgres.spec.DiskLimits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How much room one member has left, and had at the look before. Thread-safe. */
public final class DiskGauge {
  private final DiskLimits limits;
  private final Map<Path, Headroom> levels = new HashMap<>();

  DiskGauge(DiskLimits limits) {
    this.limits = limits;
  }

  /**
   * What that room means, of the file system that is worst off; nothing if the room is not known.
   *
   * @param exact whether with bytes: what decides about a member that does not answer must not
   *     change with each of them
   */
  synchronized Details facts(Optional<Room> room, boolean exact) {
    if (room.isEmpty()) {
      return Details.NONE;
    }
    Room.Area worst = room.get().areas().getFirst();
    Headroom left = judged(worst);
    for (Room.Area area : room.get().areas().subList(1, room.get().areas().size())) {
      Headroom other = judged(area);
      if (other.compareTo(left) > 0 || (other == left && area.free() < worst.free())) {
        worst = area;
        left = other;
      }
    }
    Details facts = Details.of(Acts.DISK, left.word()).with(Acts.DISK_PLACE, worst.path());
    return exact
        ? facts.with(Acts.DISK_FREE, worst.free()).with(Acts.DISK_TOTAL, worst.total())
        : facts;
  }

  private Headroom judged(Room.Area area) {
    Headroom before = levels.getOrDefault(area.path(), Headroom.AMPLE);
    Headroom left = Headroom.of(before, area.free(), area.total(), limits);
    levels.put(area.path(), left);
    return left;
  }
}
