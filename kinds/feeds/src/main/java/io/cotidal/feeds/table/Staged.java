package io.cotidal.feeds.table;

import java.util.List;

/**
 * A generation that is ready to be served.
 *
 * @param rows how many
 * @param bytes what it takes on the disk, with its indexes
 * @param columns in their order
 */
public record Staged(String generation, long rows, long bytes, List<Column> columns) {
  /** Copies the list. */
  public Staged {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param type as SQL says it: {@code public.geometry(Polygon,28350)}
   */
  public record Column(String name, String type) {}
}
