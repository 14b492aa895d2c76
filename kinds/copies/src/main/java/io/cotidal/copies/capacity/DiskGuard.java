package io.cotidal.copies.capacity;

import io.cotidal.copies.storage.Volume;

/**
 * Keeps room on a volume for what runs already: a database whose disk is full loses more than a
 * copy that was not made.
 *
 * @param reserve bytes that stay free
 */
public record DiskGuard(long reserve) {
  /** A copy that shares its data takes about 12 MiB once its server runs: its temporary files. */
  public static final long SHARED_COPY = 20L << 20;

  /** Refuses a negative reserve. */
  public DiskGuard {
    if (reserve < 0) {
      throw new IllegalArgumentException("reserve " + reserve + ": write 0 or more bytes");
    }
  }

  /**
   * Whether something that will need {@code need} bytes may begin.
   *
   * @param promised bytes that others who began need and have not written yet
   */
  public Verdict judge(Volume.Space space, long promised, long need) {
    long available = space.free() - reserve - promised;
    if (need <= available) {
      return new Verdict.Allowed();
    }
    return new Verdict.Refused(
        "disk: about "
            + mebibytes(need)
            + " are needed; of "
            + mebibytes(space.free())
            + " free "
            + mebibytes(reserve)
            + " are kept in reserve and "
            + mebibytes(promised)
            + " promised to others; remove copies or old generations, or enlarge the volume");
  }

  /** What a copy needs that is made in that way from so many bytes. */
  public static long needOfCopy(Volume.Method method, long bytes) {
    return switch (method) {
      case SNAPSHOT, REFLINK -> SHARED_COPY;
      case PLAIN -> SHARED_COPY + bytes;
    };
  }

  static String mebibytes(long bytes) {
    return ((bytes + (1L << 20) - 1) >> 20) + " MiB";
  }
}
