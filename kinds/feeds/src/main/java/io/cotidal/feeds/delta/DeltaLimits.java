package io.cotidal.feeds.delta;

/**
 * How much of a delta is believed.
 *
 * @param record bytes of one record, unpacked
 * @param total bytes of all records, unpacked
 */
public record DeltaLimits(long record, long total) {
  /** 256 MiB a record, 64 GiB in all. */
  public static final DeltaLimits USUAL = new DeltaLimits(256L << 20, 64L << 30);
}
