package io.cotidal.copies.capacity;

import java.util.Optional;

/**
 * Refuses a server before the machine swaps.
 *
 * @param reserve bytes that stay available
 */
public record MemoryGuard(long reserve) {
  /** Refuses a negative reserve. */
  public MemoryGuard {
    if (reserve < 0) {
      throw new IllegalArgumentException("reserve " + reserve + ": write 0 or more bytes");
    }
  }

  /**
   * Whether one more server may start.
   *
   * @param available what {@link #available} read
   * @param promised bytes that servers which began need and do not use yet
   * @param need bytes of one server
   */
  public Verdict judge(long available, long promised, long need) {
    if (need <= available - reserve - promised) {
      return new Verdict.Allowed();
    }
    return new Verdict.Refused(
        "memory: a server needs about "
            + DiskGuard.mebibytes(need)
            + "; of "
            + DiskGuard.mebibytes(available)
            + " available "
            + DiskGuard.mebibytes(reserve)
            + " are kept in reserve and "
            + DiskGuard.mebibytes(promised)
            + " promised to others; remove copies or spares");
  }

  /**
   * Bytes that new programs can have without swapping, from the text of {@code /proc/meminfo};
   * empty if it does not say.
   */
  public static Optional<Long> available(String text) {
    return text.lines()
        .filter(line -> line.matches("MemAvailable: +[0-9]{1,15} kB"))
        .findFirst()
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
  }
}
