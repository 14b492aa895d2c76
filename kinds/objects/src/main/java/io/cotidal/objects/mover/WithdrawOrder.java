package io.cotidal.objects.mover;

import java.io.IOException;

/**
 * What a withdrawal is about.
 *
 * @param pass the container with its sites, some of them placed
 * @param leaving the place of the site in {@code pass.sites()} that gives its copy up; not placed
 * @param approved so many objects somebody has agreed to
 */
public record WithdrawOrder(PassOrder pass, int leaving, long approved) {
  /** Checks. */
  public WithdrawOrder {
    if (pass.sites().get(leaving).placed()) {
      throw new IllegalArgumentException("the rules name " + pass.names().get(leaving));
    }
  }

  /** Asked before anything is deleted, again and again: rules and clients go on meanwhile. */
  public interface Leave {
    /**
     * Why nothing more may be deleted, in one line; empty if it may.
     *
     * @throws IOException if nobody can tell
     */
    String refused() throws IOException, InterruptedException;
  }

  /**
   * What was done.
   *
   * @param withdrawn objects that are gone at the site now, by this act
   * @param whole whether nothing is left in the container there
   * @param why something is left, or nothing could be done, in one line; empty if {@code whole}
   */
  public record Report(long withdrawn, boolean whole, String why) {}
}
