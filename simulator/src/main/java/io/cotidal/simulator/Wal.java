package io.cotidal.simulator;

import org.jspecify.annotations.Nullable;

/**
 * One record of a write-ahead log, with all that precede it. A member's log is its last record; two
 * members share exactly what precedes both. Records are told apart by identity: two promotions may
 * choose the same timeline number.
 */
final class Wal {
  /** What one record adds to a position. */
  static final long SIZE = 8;

  private final @Nullable Wal previous;
  private final long timeline;
  private final long position;
  private final Wal promotion;

  private Wal(@Nullable Wal previous, long timeline, @Nullable Wal promotion) {
    this.previous = previous;
    this.timeline = timeline;
    this.position = previous == null ? SIZE : previous.position + SIZE;
    this.promotion = promotion == null ? this : promotion;
  }

  static Wal origin() {
    return new Wal(null, 1, null);
  }

  /** One more record by the same server. */
  Wal append() {
    return new Wal(this, timeline, promotion);
  }

  /** The first record after a promotion. */
  Wal promote() {
    return new Wal(this, timeline + 1, null);
  }

  long timeline() {
    return timeline;
  }

  long position() {
    return position;
  }

  /** The promotion to which this record belongs, by identity. */
  Wal promotion() {
    return promotion;
  }

  /** Whether {@code other} is this record or has it in its past. */
  boolean within(Wal other) {
    Wal at = other;
    while (at != null && at.position > position) {
      at = at.previous;
    }
    return at == this;
  }

  /** The last record that both have. */
  Wal common(Wal other) {
    Wal at = this;
    while (!at.within(other)) {
      Wal before = at.previous;
      if (before == null) {
        return at;
      }
      at = before;
    }
    return at;
  }

  @Override
  public String toString() {
    return timeline + "@" + position;
  }
}
