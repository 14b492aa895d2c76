package io.cotidal.postgres.archive;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a server numbers and names the segments of its log.
 *
 * @param size of one segment in bytes, as {@code wal_segment_size}: a power of two from 1 MiB on
 */
public record Segments(long size) {
  private static final long WHOLE = 1L << 32;
  private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");

  /**
   * A segment of a timeline.
   *
   * @param number counted from the log's beginning, whatever the timeline
   */
  public record Segment(long timeline, long number) {}

  /** So many make 4 GiB, which is where a name's last part begins anew. */
  public long each() {
    return WHOLE / size;
  }

  /** The number of the segment that holds the byte before {@code position}. */
  public long endingAt(long position) {
    return Math.max(0, position - 1) / size;
  }

  /** The number of the segment that holds the byte at {@code position}. */
  public long holding(long position) {
    return position / size;
  }

  /**
   * Whether a file of that name says that its segment is whole: the segment itself, or a label of a
   * backup that began there, which comes after it.
   */
  public static boolean whole(String name) {
    return named(name) || (name.length() > 24 && name.endsWith(".backup"));
  }

  /** Whether that is the name of a whole segment. */
  public static boolean named(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads a name, of which only the first 24 letters count.
   *
   * @throws IllegalArgumentException if it is none
   */
  public Segment read(String name) {
    String letters = name.length() > 24 ? name.substring(0, 24) : name;
    if (!named(letters)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a segment");
    }
    long log = Long.parseLong(letters.substring(8, 16), 16);
    long part = Long.parseLong(letters.substring(16), 16);
    return new Segment(Long.parseLong(letters.substring(0, 8), 16), log * each() + part);
  }

  /** The name. */
  public String name(Segment segment) {
    return String.format(
        Locale.ROOT,
        "%08X%08X%08X",
        segment.timeline(),
        segment.number() / each(),
        segment.number() % each());
  }
}
