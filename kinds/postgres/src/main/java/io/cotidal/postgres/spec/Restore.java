package io.cotidal.postgres.spec;

import java.util.List;

/**
 * From what a cluster is made by a restore, and by what it is known to be right. It belongs to
 * another cluster, which may be gone: nothing is ever written there.
 *
 * @param places the other cluster's repositories, in the order in which they are asked
 * @param checks what is asked of the restored server before it is promoted
 */
public record Restore(List<Archive.Place> places, List<Check> checks) {
  /** Copies the lists. */
  public Restore {
    places = List.copyOf(places);
    checks = List.copyOf(checks);
  }

  /**
   * A question and its one right answer.
   *
   * @param database where it is asked
   * @param query one statement that reads; its first column of its first row is the answer
   * @param answer what it must be, as text
   */
  public record Check(String database, String query, String answer) {}
}
