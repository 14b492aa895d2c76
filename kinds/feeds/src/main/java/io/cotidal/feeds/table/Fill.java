package io.cotidal.feeds.table;

import java.io.IOException;

/** Puts the rows into a successor's table. */
@FunctionalInterface
public interface Fill {
  /**
   * Does it, inside the transaction that makes the table, before it has any index. Nobody else sees
   * it yet. Whatever it throws undoes all.
   */
  void fill(Filling filling) throws TableException, InterruptedException, IOException;
}
