package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Watch;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of one request: sees to it that after an intention that was written down exactly one of
 * "answered" and "lost" is said, and that what it says comes back to the loop.
 */
final class Watched {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final Loop loop;
  private final @Nullable Watch watch;
  private boolean intended;
  private boolean ended;

  /**
   * Of one request.
   *
   * @param watch null if nobody watches it
   */
  Watched(Loop loop, @Nullable Watch watch) {
    this.loop = loop;
    this.watch = watch;
  }

  /** Whether somebody watches it. */
  boolean any() {
    return watch != null;
  }

  /** Has the intention written down. */
  void intend(Consumer<Boolean> then) {
    Watch asked = watch;
    if (asked == null) {
      then.accept(true);
      return;
    }
    CompletionStage<Void> stage;
    try {
      stage = asked.intend();
    } catch (RuntimeException e) {
      LOG.error("event=intention-failed", e);
      then.accept(false);
      return;
    }
    var _ = stage.whenComplete((_, failure) -> loop.run(() -> intended(failure, then)));
  }

  private void intended(@Nullable Throwable failure, Consumer<Boolean> then) {
    if (failure == null) {
      intended = true;
    } else {
      LOG.warn("event=intention-not-written why=\"{}\"", failure.getMessage());
    }
    then.accept(failure == null);
  }

  /** Tells it the site's final answer; what the client is to be told comes then. */
  void answered(Answer answer, Consumer<Answer> then) {
    Watch asked = watch;
    if (asked == null || ended || !intended) {
      then.accept(answer);
      return;
    }
    ended = true;
    CompletionStage<Answer> stage;
    try {
      stage = asked.answered(answer);
    } catch (RuntimeException e) {
      LOG.error("event=watch-failed", e);
      then.accept(answer);
      return;
    }
    var _ =
        stage.whenComplete((told, failure) ->
            loop.run(() -> then.accept(failure == null && told != null ? told : answer)));
  }

  /** There will be no final answer that anybody has read. */
  void lost() {
    Watch asked = watch;
    if (asked == null || ended || !intended) {
      return;
    }
    ended = true;
    try {
      asked.lost();
    } catch (RuntimeException e) {
      LOG.error("event=watch-failed", e);
    }
  }
}
