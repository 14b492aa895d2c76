package io.cotidal.feeds.transfer;

/**
 * What is acceptable.
 *
 * @param maxBytes how large a file may be; a larger one is refused before it is on our disk
 */
public record Wants(long maxBytes) {
  /** For documents: metadata and styles. */
  public static final Wants DOCUMENT = new Wants(8L << 20);

  /** For data: whatever the disk holds. */
  public static final Wants ANY = new Wants(1L << 50);
}
