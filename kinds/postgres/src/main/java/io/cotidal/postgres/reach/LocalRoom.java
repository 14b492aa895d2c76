package io.cotidal.postgres.reach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The room of a member on this machine, asked every few seconds. Thread-safe. */
final class LocalRoom {
  /** How often room is asked for, here and elsewhere. */
  static final Duration PERIOD = Duration.ofSeconds(5);

  private final Places places;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<Room> known = Optional.empty();
  private long due = System.nanoTime();

  LocalRoom(Places places) {
    this.places = places;
  }

  /** What was found lately; empty if that cannot be told. Waits for nobody who asks as well. */
  Optional<Room> latest() {
    if (lock.tryLock()) {
      try {
        long now = System.nanoTime();
        if (now - due >= 0) {
          known = measured();
          due = now + PERIOD.toNanos();
        }
      } finally {
        lock.unlock();
      }
    }
    return known;
  }

  /** What is there now; empty if that cannot be told. */
  Optional<Room> measured() {
    Path data = Files.exists(places.data()) ? places.data() : places.data().getParent();
    Room.Area first = data == null ? null : area(data);
    if (data == null || first == null) {
      return Optional.empty();
    }
    List<Room.Area> areas = new ArrayList<>(List.of(first));
    Path log = places.data().resolve("pg_wal");
    try {
      if (Files.exists(log) && !device(log).equals(device(data))) {
        Room.Area second = area(log);
        if (second == null) {
          return Optional.empty();
        }
        areas.add(second);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(new Room(areas));
  }

  private static Room.@Nullable Area area(Path path) {
    // Not by its FileStore, which reads the whole table of mounts.
    long total = path.toFile().getTotalSpace();
    return total <= 0 ? null : new Room.Area(path, path.toFile().getUsableSpace(), total);
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }
}
