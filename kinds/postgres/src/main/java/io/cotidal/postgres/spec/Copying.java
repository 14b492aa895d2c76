package io.cotidal.postgres.spec;

/**
 * How a member's data is copied.
 *
 * @param way by what
 * @param rate how many bytes a second it may take; 0 for as many as it can
 */
public record Copying(CopyWay way, long rate) {
  /** As it is quickest, at full speed. */
  public static final Copying PLAIN = new Copying(CopyWay.AUTO, 0);
}
