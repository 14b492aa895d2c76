package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Answer;

/**
 * The head of an answer, read.
 *
 * @param answer its status, and its fields without those of the connection
 * @param reason the words after the status; may be empty
 * @param framing of the body that follows
 * @param keepAlive whether the server will take another request on this connection
 */
public record AnswerHead(Answer answer, String reason, Framing framing, boolean keepAlive) {
  private static final int FIRST_FINAL = 200;

  /** Whether no other answer follows this one. */
  public boolean last() {
    return answer.status() >= FIRST_FINAL;
  }
}
