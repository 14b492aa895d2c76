package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import java.io.IOException;

/**
 * One word of the vocabulary, made real. Both calls happen inside the member's gate.
 *
 * <p>A server's error and an {@link ActFailed} mean that the act took no effect; any other
 * exception leaves that open.
 */
interface Act {
  /**
   * Does it, reads the effect back and gives the evidence. Doing it again where it is done already
   * does no harm.
   */
  Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException;

  /** Looks whether the effect is there. */
  Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException;
}
