package io.cotidal.postgres.spec;

/**
 * How much log a replication slot may keep on a primary before somebody is told.
 *
 * @param much bytes from which it is a warning
 * @param tooMuch bytes from which it is urgent
 */
public record SlotLimits(long much, long tooMuch) {
  /** 4 GiB and 16 GiB. */
  public static final SlotLimits DEFAULT = new SlotLimits(4L << 30, 16L << 30);

  /**
   * The same where the server itself gives a slot up at {@code most} bytes: half of that is much,
   * four fifths are too much.
   *
   * @param most {@code max_slot_wal_keep_size} in bytes; negative if it keeps everything
   */
  public SlotLimits within(long most) {
    return most < 0
        ? this
        : new SlotLimits(Math.min(much, most / 2), Math.min(tooMuch, most / 5 * 4));
  }
}
