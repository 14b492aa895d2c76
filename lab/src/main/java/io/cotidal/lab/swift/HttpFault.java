package io.cotidal.lab.swift;

import java.time.Duration;

/** What becomes of one request on its way. */
public sealed interface HttpFault {
  /** It goes to the server and its answer comes back. */
  record None() implements HttpFault {}

  /**
   * The server never hears of it.
   *
   * @param status what is answered instead
   */
  record Answered(int status) implements HttpFault {}

  /** The server never hears of it, and the connection is reset. */
  record Reset() implements HttpFault {}

  /** The server does it, and the connection is reset instead of an answer. */
  record Lost() implements HttpFault {}

  /**
   * Both connections are reset in the body of the request.
   *
   * @param bytes of it that the server gets; all of a shorter one
   */
  record RequestCut(long bytes) implements HttpFault {}

  /**
   * The connection is reset in the body of the answer.
   *
   * @param bytes of it that the client gets; all of a shorter one
   */
  record AnswerCut(long bytes) implements HttpFault {}

  /**
   * It waits before it goes on.
   *
   * @param length how long
   */
  record Late(Duration length) implements HttpFault {}

  /** Chooses for each request. */
  interface Plan {
    /** All goes through. */
    Plan NONE = (number, method, target) -> new None();

    /**
     * Decides.
     *
     * @param number of the request, from 1
     * @param method of the request
     * @param target of the request, as it came
     */
    HttpFault of(long number, String method, String target);

    /** One fault for every so many requests, the last of them. */
    static Plan each(int requests, HttpFault fault) {
      return (number, method, target) -> number % requests == 0 ? fault : new None();
    }
  }
}
