package io.cotidal.gateway.door;

import java.util.concurrent.CompletionStage;

/** Follows one request that changes a container or an account. No call blocks. */
public interface Watch {
  /**
   * Writes down what is intended. Not a byte of the request goes to the site before this is done.
   *
   * @return fails if it could not be written; the request is answered with 503 then
   */
  CompletionStage<Void> intend();

  /**
   * The site has given its final answer.
   *
   * @return what the client is told, with the same length of body; at once, or when the peers have
   *     followed. Never fails
   */
  CompletionStage<Answer> answered(Answer answer);

  /**
   * The site has given no final answer that could be read, or the client went away before it:
   * nobody knows whether it was done. Called at most once, and not beside {@link #answered}.
   */
  void lost();
}
