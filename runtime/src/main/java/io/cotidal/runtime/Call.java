package io.cotidal.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blocking call on a virtual thread of its own, answered exactly once: by its result, or, when it
 * throws or its limit has passed, by an answer that says that nothing is known. A late result is
 * dropped.
 */
final class Call<R> {
  private static final Logger log = LoggerFactory.getLogger(Call.class);

  /**
   * What to call.
   *
   * @param name of the thread and in the log
   * @param limit how long to wait; then the thread is interrupted
   * @param work the call
   * @param unknown makes an answer out of the reason why nothing is known
   */
  record Question<R>(String name, Duration limit, Supplier<R> work, Function<String, R> unknown) {}

  private final Question<R> question;
  private final Consumer<R> answer;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private volatile Clock.Alarm alarm = () -> {};

  private Call(Question<R> question, Consumer<R> answer) {
    this.question = question;
    this.answer = answer;
  }

  /** A call under way. */
  interface Handle {
    /** Interrupts it; its answer comes as ever. */
    void interrupt();

    /** Whether its answer has been given. */
    boolean answered();
  }

  /** Begins a call; {@code answer} runs on another thread and must not block. */
  static <R> Handle start(Question<R> question, Clock clock, Consumer<R> answer) {
    Call<R> call = new Call<>(question, answer);
    Thread thread = Thread.ofVirtual().name(question.name()).unstarted(call::work);
    // The verdict is behind all that is ready to run: an answer that is there counts.
    Runnable verdict =
        () -> Thread.ofVirtual().name(question.name() + " judge").start(() -> call.late(thread));
    call.alarm = clock.at(clock.now().nanos() + question.limit().toNanos(), verdict);
    thread.start();
    return new Handle() {
      @Override
      public void interrupt() {
        thread.interrupt();
      }

      @Override
      public boolean answered() {
        return !call.open.get();
      }
    };
  }

  private void work() {
    R result;
    try {
      result = question.work().get();
    } catch (RuntimeException | Error e) {
      log.error("event=call-broken call=\"{}\"", question.name(), e);
      result = question.unknown().apply(Failures.sentence(e));
    }
    alarm.cancel();
    if (open.compareAndSet(true, false)) {
      answer.accept(result);
    } else {
      log.info("event=late-answer-dropped call=\"{}\"", question.name());
    }
  }

  private void late(Thread thread) {
    if (open.compareAndSet(true, false)) {
      String reason = "no answer within " + Failures.text(question.limit());
      log.warn("event=call-abandoned call=\"{}\" reason=\"{}\"", question.name(), reason);
      answer.accept(question.unknown().apply(reason));
      thread.interrupt();
    }
  }
}
