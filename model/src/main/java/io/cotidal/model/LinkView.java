package io.cotidal.model;

import org.jspecify.annotations.Nullable;

/**
 * A replication path as every screen shows it.
 *
 * @param from who sends
 * @param to who receives
 * @param state the kind's word: {@code streaming}, {@code broken}
 * @param lagBytes how far the receiver is behind; null if nobody can honestly say
 * @param lagSeconds the same in time, by the servers' own clocks; null if nobody can honestly say
 * @param planned whether it is wanted and not there yet
 */
public record LinkView(
    MemberId from,
    MemberId to,
    String state,
    @Nullable Long lagBytes,
    @Nullable Long lagSeconds,
    boolean planned) {

  /** One that is measured in bytes, if it is measured. */
  public LinkView(
      MemberId from, MemberId to, String state, @Nullable Long lagBytes, boolean planned) {
    this(from, to, state, lagBytes, null, planned);
  }
}
