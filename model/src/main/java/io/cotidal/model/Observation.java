package io.cotidal.model;

/**
 * What one look at one member gave.
 *
 * @param <F> the facts that a kind reads from a server that answers
 */
public sealed interface Observation<F> {
  /** What the member's side said in the same look. */
  Host host();

  /** One sentence for people. */
  String sentence();

  /** The server answered. */
  record Seen<F>(F facts, Host host) implements Observation<F> {
    @Override
    public String sentence() {
      return "answers";
    }
  }

  /**
   * Nothing listens: a refused connection, or a session that the other end closed.
   *
   * @param reason what exactly happened
   */
  record Refused<F>(String reason, Host host) implements Observation<F> {
    @Override
    public String sentence() {
      return "refuses: " + reason;
    }
  }

  /**
   * No answer within the deadline: frozen, unreachable or overloaded.
   *
   * @param waitedNanos how long the look waited
   */
  record Silent<F>(long waitedNanos, Host host) implements Observation<F> {
    @Override
    public String sentence() {
      return "silent for " + waitedNanos / Moment.MILLI + " ms";
    }
  }

  /**
   * Something answered, but not what was asked: a wrong password, an expired certificate, a
   * connection limit, a start that is not finished. Never the same as down.
   *
   * @param reason what exactly happened
   */
  record CannotTell<F>(String reason, Host host) implements Observation<F> {
    @Override
    public String sentence() {
      return "cannot tell: " + reason;
    }
  }
}
