package io.cotidal.pgclient;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of {@code global/pg_control} of a server that does not run, changed and sealed again
 * with their checksum. The fields named here have stood at the same places from PostgreSQL 13 to
 * 18; where the checksum stands differs, and is found by trying.
 */
public final class ControlBytes {
  private static final int VERSION_13_TO_17 = 1300;
  private static final int VERSION_18 = 1800;
  private static final int VERSION = 8;
  private static final int MINIMUM_RECOVERY = 136;
  private static final int MINIMUM_TIMELINE = 144;
  private static final int FIRST_CHECKSUM = 200;
  private static final int LAST_CHECKSUM = 508;

  private final byte[] bytes;
  private final int checksum;

  private ControlBytes(byte[] bytes, int checksum) {
    this.bytes = bytes;
    this.checksum = checksum;
  }

  /**
   * Reads the file's bytes.
   *
   * @throws IllegalArgumentException if no checksum fits, or the version is not known here
   */
  public static ControlBytes of(byte[] bytes) {
    if (bytes.length < LAST_CHECKSUM + Integer.BYTES) {
      throw new IllegalArgumentException("control file of " + bytes.length + " bytes is too short");
    }
    int version = order(bytes).getInt(VERSION);
    if (version != VERSION_13_TO_17 && version != VERSION_18) {
      throw new IllegalArgumentException(
          "control file version " + version + " is not known; PostgreSQL 13 to 18 are");
    }
    for (int at = FIRST_CHECKSUM; at <= LAST_CHECKSUM; at += Integer.BYTES) {
      if (order(bytes).getInt(at) == checksum(bytes, at)) {
        return new ControlBytes(bytes.clone(), at);
      }
    }
    throw new IllegalArgumentException("the control file's checksum fits nowhere: it is damaged");
  }

  /** The database system identifier, in decimal as servers show it. */
  public String systemId() {
    return Long.toUnsignedString(order(bytes).getLong(0));
  }

  /** The same cluster's file under another identifier: no member of the old one will know it. */
  public ControlBytes withSystemId(long identifier) {
    byte[] changed = bytes.clone();
    order(changed).putLong(0, identifier);
    return sealed(changed);
  }

  /** With the position that a recovery must reach, or fail. */
  public ControlBytes withMinimumRecovery(long position, long timeline) {
    byte[] changed = bytes.clone();
    order(changed).putLong(MINIMUM_RECOVERY, position);
    order(changed).putInt(MINIMUM_TIMELINE, (int) timeline);
    return sealed(changed);
  }

  /** What belongs into the file. */
  public byte[] bytes() {
    return bytes.clone();
  }

  private ControlBytes sealed(byte[] changed) {
    order(changed).putInt(checksum, checksum(changed, checksum));
    return new ControlBytes(changed, checksum);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  private static ByteBuffer order(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ControlBytes control && Arrays.equals(bytes, control.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
