package io.cotidal.runtime;

import io.cotidal.model.Details;
import io.cotidal.model.Report;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the driver of a resource, on a thread of its own, and waits no longer than a limit. */
record Asking(Clock clock) {
  private static final Logger log = LoggerFactory.getLogger(Asking.class);

  /** How long looks at all members may take together. */
  static final Duration LIMIT = Duration.ofSeconds(15);

  /** What came of it: an answer, a refusal of the input, or why there is no answer. */
  private sealed interface Said {
    record Answered(Report report) implements Said {}

    record Refused(String why) implements Said {}

    record Nothing(String why) implements Said {}
  }

  Report ask(ResourceLoop<?, ?> loop, String question, Details input) {
    CompletableFuture<Said> said = new CompletableFuture<>();
    Call.Handle call =
        Call.start(
            new Call.Question<Said>(
                "read " + loop.id() + " " + question,
                LIMIT,
                () -> said(loop, question, input),
                Said.Nothing::new),
            clock,
            said::complete);
    try {
      return switch (said.get()) {
        case Said.Answered answered -> answered.report();
        case Said.Refused refused -> throw new IllegalArgumentException(refused.why());
        case Said.Nothing nothing -> throw new IllegalStateException(nothing.why());
      };
    } catch (InterruptedException e) {
      call.interrupt();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the daemon is stopping", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whatever else a driver throws may quote a secret: it goes no further than its name. */
  private static Said said(ResourceLoop<?, ?> loop, String question, Details input) {
    try {
      return new Said.Answered(loop.read(question, input));
    } catch (IllegalArgumentException e) {
      return new Said.Refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error(
          "event=question-broken resource={} question={} fault={}",
          loop.id(),
          question,
          e.getClass().getName());
      return new Said.Nothing(question + " cannot be answered: an internal fault, see the log");
    }
  }
}
