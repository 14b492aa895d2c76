package io.cotidal.pgclient;

/** Why a server did not do what it was asked. */
public sealed interface Trouble {
  /** One line for people; never holds a password. */
  String reason();

  /** Nothing listens, or the other end closed the session. */
  record Refused(String reason) implements Trouble {}

  /** No answer within the deadline. Whether the request took effect is open. */
  record Silent(long waitedNanos) implements Trouble {
    @Override
    public String reason() {
      return "no answer within " + waitedNanos / 1_000_000 + " ms";
    }
  }

  /**
   * Something answered, but would not let us in: a wrong password, a connection limit, a start that
   * is not finished.
   */
  record CannotTell(String reason) implements Trouble {}

  /**
   * The server answered with an error; the request took no effect.
   *
   * @param state the five characters of its SQLSTATE
   */
  record Rejected(String state, String reason) implements Trouble {}
}
