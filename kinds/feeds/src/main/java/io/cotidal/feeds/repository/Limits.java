package io.cotidal.feeds.repository;

/**
 * How much is read of one commit.
 *
 * @param fileBytes at most so much of one file
 * @param files at most so many
 * @param totalBytes at most so much of all together
 */
public record Limits(long fileBytes, int files, long totalBytes) {
  /** 1 MiB a file, 200,000 files, 256 MiB together. */
  public static final Limits USUAL = new Limits(1L << 20, 200_000, 256L << 20);
}
