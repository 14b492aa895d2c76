package io.cotidal.gateway.desk;

import io.cotidal.gateway.answer.Telling;
import io.cotidal.gateway.answer.Telling.Local;
import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Watch;
import io.cotidal.gateway.outbox.Footing;
import io.cotidal.gateway.outbox.Ticket;
import io.cotidal.gateway.relay.Passage;
import io.cotidal.gateway.relay.Relay.Following;
import io.cotidal.gateway.request.Subject;
import io.cotidal.gateway.request.Wish.Verb;
import io.cotidal.objects.spec.Promise;
import io.cotidal.remote.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One request that changes a container or an account. */
final class Changing implements Watch {
  private final Subject subject;
  private final Verb verb;
  private final Promise promise;
  private final Desk.Means means;

  /** Empty until the intention is written down, and once it has ended. */
  private final AtomicReference<@Nullable Flight> flight = new AtomicReference<>();

  private volatile boolean lost;

  /** What is given back when it has ended, and that is written down. */
  private record Flight(Ticket ticket, Passage passage) {}

  Changing(Subject subject, Verb verb, Promise promise, Desk.Means means) {
    this.subject = subject;
    this.verb = verb;
    this.promise = promise;
    this.means = means;
  }

  @Override
  public CompletionStage<@Nullable Void> intend() {
    return means.relay().enter(subject).thenCompose(this::entered);
  }

  private CompletionStage<@Nullable Void> entered(Passage passage) {
    return before()
        .thenCompose(footing -> means.outbox().intend(subject, verb.name(), footing))
        .whenComplete((_, failure) -> {
          if (failure != null) {
            passage.close();
          }
        })
        .thenAccept(written -> {
          flight.set(new Flight(written, passage));
          if (lost) {
            unknown();
          }
        });
  }

  /**
   * What it was. Asked for even while something of it is open, which knows it already: that may be
   * over before this is written down.
   */
  private CompletableFuture<Footing> before() {
    CompletableFuture<Footing> known = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        known.complete(means.probe().before(subject, Deadline.in(means.asking())));
      } catch (InterruptedException | RuntimeException e) {
        known.completeExceptionally(e);
      }
    });
    return known;
  }

  @Override
  public CompletionStage<Answer> answered(Answer answer) {
    Flight mine = flight.getAndSet(null);
    if (mine == null) {
      return CompletableFuture.completedFuture(answer);
    }
    CompletableFuture<Answer> told = new CompletableFuture<>();
    Local local = Telling.local(answer.status());
    // Who waits has to be known before the relay begins.
    Following following =
        means.relay().follow(subject, reached -> tell(answer, reached, false, told));
    landed(mine, local != Local.REFUSED);
    tell(answer, Reached.UNTOLD, false, told);
    if (!told.isDone()) {
      CompletableFuture.delayedExecutor(
              means.patience().toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread)
          .execute(() -> tell(answer, Reached.UNTOLD, true, told));
    }
    return told.whenComplete((_, _) -> following.close());
  }

  private void tell(Answer answer, Reached reached, boolean late, CompletableFuture<Answer> told) {
    Telling.of(promise, answer, reached, late).ifPresent(told::complete);
  }

  @Override
  public void lost() {
    lost = true;
    unknown();
  }

  private void unknown() {
    Flight mine = flight.getAndSet(null);
    if (mine != null) {
      landed(mine, true);
    }
  }

  private void landed(Flight mine, boolean done) {
    var _ =
        means.outbox().ended(mine.ticket(), done).whenComplete((_, _) -> mine.passage().close());
  }
}
