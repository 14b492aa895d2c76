package io.cotidal.copies.imports;

/**
 * How far a dump may swell when it is decompressed. A file of a few kilobytes can hold zeros for a
 * whole disk.
 *
 * @param ratio bytes of content for each byte of the file; counts only from {@link #FREE} bytes of
 *     content on
 * @param bytes of content at most
 */
public record Limits(long ratio, long bytes) {
  /** So much content is let through whatever the ratio: small dumps may repeat themselves. */
  public static final long FREE = 64L * 1024 * 1024;

  /** A ratio that no dump of real data comes near, and one tebibyte. */
  public static final Limits USUAL = new Limits(250, 1L << 40);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public Limits {
    if (ratio < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "limits of decompression: ratio and bytes must be positive");
    }
  }
}
