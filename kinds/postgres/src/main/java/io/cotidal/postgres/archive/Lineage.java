package io.cotidal.postgres.archive;

import io.cotidal.postgres.archive.Segments.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which timelines a server came to where it is.
 *
 * @param spans the timelines, the oldest first; the last one is its own
 */
public record Lineage(List<Span> spans) {
  private static final Pattern LINE =
      Pattern.compile("\\s*([0-9]+)\\s+([0-9A-Fa-f]+)/([0-9A-Fa-f]+)(\\s.*)?");

  /**
   * One timeline.
   *
   * @param from the number of the first segment that is read from it
   */
  public record Span(long timeline, long from) {}

  /** Copies the list. */
  public Lineage {
    spans = List.copyOf(spans);
  }

  /**
   * Reads it.
   *
   * @param timeline the server's own
   * @param history the text of that timeline's history file; empty for the first one
   * @throws IllegalArgumentException if that is no history
   */
  public static Lineage of(long timeline, String history, Segments segments) {
    List<Span> spans = new ArrayList<>();
    long from = 0;
    for (String line : history.lines().toList()) {
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IllegalArgumentException("'" + line.strip() + "' is no line of a history");
      }
      spans.add(new Span(Long.parseLong(parts.group(1)), from));
      long left = (Long.parseLong(parts.group(2), 16) << 32) | Long.parseLong(parts.group(3), 16);
      from = segments.holding(left);
    }
    spans.add(new Span(timeline, from));
    return new Lineage(spans);
  }

  /** The server's own timeline. */
  public long timeline() {
    return spans.getLast().timeline();
  }

  /** Whether it came by that timeline. */
  public boolean holds(long timeline) {
    return spans.stream().anyMatch(span -> span.timeline() == timeline);
  }

  /** The number of the last segment that is read from that timeline. */
  long lastOn(long timeline) {
    long last = Long.MAX_VALUE - 1;
    boolean later = false;
    for (Span span : spans) {
      if (later) {
        return span.from() - 1;
      }
      later = span.timeline() == timeline;
    }
    return last;
  }

  /**
   * Where a timeline was left for the next one, as a history tells it.
   *
   * @param history the text of a history file
   * @return a byte position; empty if the history does not name the timeline
   */
  public static Optional<Long> left(String history, long timeline) {
    for (String line : history.lines().toList()) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches() && Long.parseLong(parts.group(1)) == timeline) {
        return Optional.of(
            (Long.parseLong(parts.group(2), 16) << 32) | Long.parseLong(parts.group(3), 16));
      }
    }
    return Optional.empty();
  }

  /** The file from which the segment of that number is read: the newest timeline's that has it. */
  public Segment segment(long number) {
    Span owner = spans.getFirst();
    for (Span span : spans) {
      owner = span.from() <= number ? span : owner;
    }
    return new Segment(owner.timeline(), number);
  }
}
