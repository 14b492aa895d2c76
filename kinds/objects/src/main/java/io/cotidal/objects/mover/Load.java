package io.cotidal.objects.mover;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object that is on its way to one site or several. What is small is read once. For one thread.
 */
final class Load {
  /** What is not longer is held in memory. */
  static final int SMALL = 64 * 1024;

  private final Origin origin;
  private @Nullable Parcel parcel;

  Load(Origin origin) {
    this.origin = origin;
  }

  Origin origin() {
    return origin;
  }

  /** What was read of it, if it is small. */
  Optional<Parcel> parcel() {
    return Optional.ofNullable(parcel);
  }

  void read(Parcel all) {
    parcel = all;
  }

  /** Whether it is thought to be too long for memory. */
  boolean streamed() {
    return parcel == null && origin.bytes() > SMALL;
  }
}
