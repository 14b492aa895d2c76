package io.cotidal.gateway.door;

/** What becomes of a request. */
public sealed interface Ruling {
  /**
   * It goes to the site.
   *
   * @param head with the fields that the site may see
   */
  record Pass(Head head) implements Ruling {}

  /**
   * It goes nowhere.
   *
   * @param reason a line for the client, without secrets
   */
  record Refuse(int status, String reason) implements Ruling {}

  /** It goes to the site, and the watch is told of it. */
  record Watched(Head head, Watch watch) implements Ruling {}

  /**
   * It goes to the site; if that has not what is asked for, others may.
   *
   * @param head a {@code GET} or {@code HEAD}
   */
  record Read(Head head, Elsewhere elsewhere) implements Ruling {}
}
