package io.cotidal.remote.http;

import io.cotidal.remote.Deadline;

/** A server that can be asked. Thread-safe; each question has a connection of its own. */
public interface Http {
  /**
   * Asks, and waits for the whole answer, whatever its status.
   *
   * @param deadline ends everything but the lookup of a host name, which takes as long as the
   *     system's resolver lets it; an interrupt of a virtual thread ends the rest at once
   * @throws HttpTrouble if nobody answers, or not in time, or something that is no HTTP
   */
  default Reply get(Question question, Deadline deadline) throws HttpTrouble {
    return send(Order.get(question), deadline);
  }

  /**
   * Sends, and waits for the whole answer, whatever its status. It is sent once: after a trouble
   * nobody can tell whether the server did what it was told.
   *
   * @param deadline as for {@link #get}; sending counts, too
   * @throws HttpTrouble if nobody answers, or not in time, or something that is no HTTP
   */
  Reply send(Order order, Deadline deadline) throws HttpTrouble;
}
