package io.cotidal.postgres.spec;

/**
 * How little room a member's disk may have left before somebody is told.
 *
 * @param warn from which it is a warning
 * @param critical from which it is urgent
 */
public record DiskLimits(Share warn, Share critical) {
  /** A tenth, and three hundredths. */
  public static final DiskLimits DEFAULT = new DiskLimits(Share.percent(10), Share.percent(3));

  /**
   * A part of a file system.
   *
   * @param percent of all of it, 0 to 100
   * @param bytes beside that
   */
  public record Share(int percent, long bytes) {
    /** So many hundredths of it. */
    public static Share percent(int percent) {
      return new Share(percent, 0);
    }

    /** So many bytes. */
    public static Share bytes(long bytes) {
      return new Share(0, bytes);
    }

    /** How many bytes that are of {@code total}. */
    public long of(long total) {
      return bytes + Math.round(total / 100.0 * percent);
    }
  }
}
