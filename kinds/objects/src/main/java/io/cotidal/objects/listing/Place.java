package io.cotidal.objects.listing;

import io.cotidal.objects.names.ObjectRow;

/**
 * After which row a page begins.
 *
 * @param name of the row; empty for the beginning
 * @param version of the row in a listing of versions; else empty
 */
public record Place(String name, String version) {
  /** Before the first row of {@code span}. */
  public static Place before(Span span) {
    return new Place(span.after(), "");
  }

  /** After that row. */
  public static Place after(ObjectRow row) {
    return new Place(row.name(), row.version());
  }
}
