package io.cotidal.postgres.losses;

import io.cotidal.pgclient.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By which timelines a log came to where it is.
 *
 * @param left the timelines that it left, the oldest first
 * @param newest the one that it is on
 */
public record History(List<Left> left, long newest) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?:left)?\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?:\\s.*)?");
  private static final Pattern NEWEST = Pattern.compile("newest ([0-9]{1,10})");

  /**
   * One that was left.
   *
   * @param position byte position at which the next one began
   */
  public record Left(long timeline, long position) {}

  /** Copies the list. */
  public History {
    left = List.copyOf(left);
  }

  /**
   * Of a server on {@code timeline}.
   *
   * @param file the text of that timeline's history file; empty for the first one
   * @throws IllegalArgumentException with one line if that is no history
   */
  public static History of(long timeline, String file) {
    List<Left> left = new ArrayList<>();
    for (String line : file.lines().toList()) {
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      Matcher parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "the history of timeline " + timeline + " has '" + line + "'");
      }
      left.add(new Left(Long.parseLong(parts.group(1)), Lsn.parse(parts.group(2))));
    }
    return new History(left, timeline);
  }

  /**
   * As {@link TailScript#look} tells it.
   *
   * @throws IllegalArgumentException with one line if that is no such answer
   */
  public static History read(String said) {
    long newest = 0;
    StringBuilder file = new StringBuilder();
    for (String line : said.lines().toList()) {
      Matcher last = NEWEST.matcher(line);
      if (last.matches()) {
        newest = Long.parseLong(last.group(1));
      } else {
        file.append(line).append('\n');
      }
    }
    if (newest == 0) {
      throw new IllegalArgumentException("nobody says which timelines the log has");
    }
    return of(newest, file.toString());
  }

  /** The timeline at that place in the order of time, the newest one last. */
  long timeline(int place) {
    return place < left.size() ? left.get(place).timeline() : newest;
  }

  /** Where it was left; without end for the newest one. */
  long end(int place) {
    return place < left.size() ? left.get(place).position() : Long.MAX_VALUE;
  }

  /** How many timelines there are. */
  int length() {
    return left.size() + 1;
  }
}
