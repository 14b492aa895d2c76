package io.cotidal.runtime;

/**
 * Says which one of several daemons may act. Says nothing about who still does: epochs and gates
 * see to that.
 */
public interface Election extends AutoCloseable {

  /** Told of wins and losses, one after the other, on a thread of the election's. */
  interface Candidate {

    /** This daemon may act from now on. */
    void won();

    /** It may not act any more, or cannot take part now; {@code reason} is one sentence. */
    void lost(String reason);
  }

  /** Takes part from now on. Called once. */
  void start(Candidate candidate);

  /** Whether this daemon may act now. */
  boolean held();

  /** Why it may not, in one sentence; empty if it may. */
  String reason();

  /** Resigns. The candidate is not told. */
  @Override
  void close();
}
