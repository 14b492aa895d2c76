package io.cotidal.postgres.archive;

import java.util.List;

/**
 * A name that somebody gave to a place in the log.
 *
 * @param position where it stands
 */
public record RestorePoint(String name, long position) {
  private static final String WORD = "point ";

  /** Those of which a text tells; other lines are passed over. */
  public static List<RestorePoint> all(String printed) {
    return printed
        .lines()
        .filter(line -> line.startsWith(WORD))
        .map(line -> line.substring(WORD.length()).split(" ", 2))
        .filter(parts -> parts.length == 2)
        .map(parts -> new RestorePoint(parts[1], Base.position(parts[0])))
        .toList();
  }
}
