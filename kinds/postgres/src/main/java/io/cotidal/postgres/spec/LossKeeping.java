package io.cotidal.postgres.spec;

/**
 * What is kept of a log that is about to be overwritten and has what the primary has not.
 *
 * @param bytes how much of the log itself at most; 0 for none
 * @param folders how many of such finds a member keeps, 1 or more; the oldest go
 */
public record LossKeeping(long bytes, int folders) {
  /** A GiB of each, ten of them. */
  public static final LossKeeping DEFAULT = new LossKeeping(1L << 30, 10);
}
