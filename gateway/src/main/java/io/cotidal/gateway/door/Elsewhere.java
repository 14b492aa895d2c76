package io.cotidal.gateway.door;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Has other sites asked for what the client's own site has not. Each belongs to one request, whose
 * calls come one after the other. No call blocks.
 */
public interface Elsewhere {
  /** Says which other site has answered. */
  String SITE = "X-Cotidal-Site";

  /**
   * Whether the client may be told something else than that.
   *
   * @param own the answer of the own site; empty if it has given none
   */
  boolean wanted(Optional<Answer> own);

  /**
   * What is done next. Called only after {@link #wanted} has said yes.
   *
   * @param last what the site has answered that was asked last, if it was not taken; empty at
   *     first, if there was no answer, and if it was a piece that has come
   * @return if it fails, {@link Next.Keep}; while a body is put together, its end before its time
   */
  CompletionStage<Next> next(Optional<Answer> last);

  /** Whether an answer of another site is for the client. */
  boolean takes(Answer answer);

  /** What is done next. */
  sealed interface Next {
    /**
     * Another site is asked.
     *
     * @param site one of the peers, by its name; another name is as one that does not answer
     * @param head what it is asked, as a client of that site would; host and version of the
     *     interface are put right
     */
    record Ask(String site, Head head) implements Next {}

    /**
     * The client is told this.
     *
     * @param text the whole body
     */
    record Say(Answer answer, String text) implements Next {}

    /**
     * The client is told this, and its body is put together from the answers of other sites: of the
     * first one, and of all that are asked next until there is {@link Keep}. Nothing is told before
     * the first one is taken. Each must say how long it is, and be asked with {@code GET}.
     *
     * @param bytes of the whole body
     * @param first who is asked first
     */
    record Join(Answer answer, long bytes, Ask first) implements Next {}

    /**
     * Nobody has anything better: the client is told what the own site has said. Or the body that
     * is put together is whole.
     */
    record Keep() implements Next {}
  }
}
