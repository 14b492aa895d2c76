package io.cotidal.feeds.table;

import java.io.IOException;

/** Puts the rows into the table of a generation that is made of another one. */
@FunctionalInterface
public interface Fill {
  /**
   * Does it, inside the transaction that makes the generation. Nobody else sees it yet. Whatever it
   * throws undoes all.
   */
  void fill(Filling filling) throws TableException, InterruptedException, IOException;
}
