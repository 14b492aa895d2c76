package io.cotidal.postgres.spec;

/**
 * What is wanted of slots: how much log one may keep on a primary before somebody is told, and
 * whether there may be logical ones.
 *
 * @param much bytes from which it is a warning
 * @param tooMuch bytes from which it is urgent
 * @param logical whether servers write what logical slots need, and standbys keep copies of them
 */
public record SlotLimits(long much, long tooMuch, boolean logical) {
  /** 4 GiB and 16 GiB. */
  public static final SlotLimits DEFAULT = new SlotLimits(4L << 30, 16L << 30);

  /** Without logical slots. */
  public SlotLimits(long much, long tooMuch) {
    this(much, tooMuch, false);
  }

  /**
   * The same where the server itself gives a slot up at {@code most} bytes: half of that is much,
   * four fifths are too much.
   *
   * @param most {@code max_slot_wal_keep_size} in bytes; negative if it keeps everything
   */
  public SlotLimits within(long most) {
    return most < 0
        ? this
        : new SlotLimits(Math.min(much, most / 2), Math.min(tooMuch, most / 5 * 4), logical);
  }
}
