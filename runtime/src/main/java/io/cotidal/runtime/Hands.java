package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out on real members what one engine wants. Its methods return at once; one thread calls
 * them.
 */
final class Hands<S extends Spec, F> {
  private static final Logger log = LoggerFactory.getLogger(Hands.class);

  /** What a driver may take beyond a step's deadline, so that its own answer comes first. */
  static final Duration GRACE = Duration.ofMillis(250);

  private final ResourceId resource;
  private final Driver<F> driver;
  private final Clock clock;
  private final Answers<S, F> answers;
  private final Map<MemberId, Lookout<F>> lookouts = new ConcurrentHashMap<>();
  private final Map<MemberId, Thread> beating = new ConcurrentHashMap<>();

  /** Acts under way that may be interrupted, by operation and sequence. */
  private final Map<String, Call.Handle> interruptible = new ConcurrentHashMap<>();

  private final Map<MemberId, String> lastBeatProblem = new ConcurrentHashMap<>();

  /** Where answers go. */
  interface Answers<S extends Spec, F> {

    /** Takes an input. Called on any thread; must not block. */
    void post(Input<S, F> input, Message.Owed owed);
  }

  Hands(ResourceId resource, Driver<F> driver, Clock clock, Answers<S, F> answers) {
    this.resource = resource;
    this.driver = driver;
    this.clock = clock;
    this.answers = answers;
  }

  /** Asks the driver; blocks. */
  Report read(String question, Details input, State<F> state) {
    return driver.read(question, input, state);
  }

  void observe(Effect.Observe effect) {
    lookouts
        .computeIfAbsent(effect.member(), this::lookout)
        .observe(effect.period(), effect.deadline());
  }

  private Lookout<F> lookout(MemberId member) {
    Lookout.Report<F> report =
        (seen, begun) ->
            answers.post(new Input.Observed<>(member, seen, begun), Message.Owed.NOTHING);
    return new Lookout<>(resource.toString(), member, driver, clock, report);
  }

  void stopObserving(MemberId member) {
    Lookout<F> lookout = lookouts.get(member);
    if (lookout != null) {
      lookout.stop();
    }
  }

  void stopObserving() {
    lookouts.values().forEach(Lookout::stop);
  }

  void act(Effect.Act effect) {
    long operation = effect.operation();
    int sequence = effect.sequence();
    String row = operation + "." + sequence;
    Call.Handle handle =
        ask(
            new Call.Question<Outcome>(
                "act " + resource + "#" + operation + "." + sequence + " " + effect.step().key(),
                effect.step().deadline().plus(GRACE),
                () ->
                    driver.act(
                        effect.step(),
                        effect.stamp(),
                        progress ->
                            answers.post(
                                new Input.Progressed<>(operation, sequence, progress),
                                Message.Owed.NOTHING)),
                Outcome.Unknown::new),
            outcome -> {
              interruptible.remove(row);
              return new Input.StepResult<>(operation, sequence, outcome);
            });
    if (driver.interruptible(effect.step())) {
      interruptible.put(row, handle);
      if (handle.answered()) {
        interruptible.remove(row);
      }
    }
  }

  void abort(Effect.Abort effect) {
    Call.Handle handle = interruptible.get(effect.operation() + "." + effect.sequence());
    if (handle != null) {
      handle.interrupt();
    }
  }

  void inspect(Effect.Inspect effect) {
    ask(
        new Call.Question<Inspection>(
            "inspect " + resource + "#" + effect.operation() + "." + effect.sequence(),
            effect.step().deadline().plus(GRACE),
            () -> driver.inspect(effect.step(), effect.stamp()),
            Inspection.Unknown::new),
        found -> new Input.Inspected<>(effect.operation(), effect.sequence(), found));
  }

  void stamp(Effect.StampMember effect) {
    ask(
        new Call.Question<Outcome>(
            "stamp " + resource + " " + effect.member(),
            effect.deadline().plus(GRACE),
            () -> driver.stamp(effect.member(), effect.stamp(), effect.deadline()),
            Outcome.Unknown::new),
        outcome -> new Input.Stamped<>(effect.member(), effect.stamp().epoch(), outcome));
  }

  private <R> Call.Handle ask(Call.Question<R> question, Function<R, Input<S, F>> input) {
    return Call.start(
        question, clock, result -> answers.post(input.apply(result), Message.Owed.CALL));
  }

  /** Skipped while one of the same member is under way. */
  void heartbeat(Effect.Heartbeat effect) {
    MemberId member = effect.member();
    Thread thread =
        Thread.ofVirtual()
            .name("heartbeat " + resource + " " + member)
            .unstarted(() -> beat(effect));
    if (beating.putIfAbsent(member, thread) == null) {
      long end = clock.now().nanos() + effect.deadline().plus(GRACE).toNanos();
      clock.at(
          end,
          () -> {
            if (thread.equals(beating.get(member))) {
              thread.interrupt();
            }
          });
      thread.start();
    }
  }

  private void beat(Effect.Heartbeat effect) {
    MemberId member = effect.member();
    String problem = "";
    try {
      driver.heartbeat(member, effect.stamp(), effect.deadline());
    } catch (RuntimeException | Error e) {
      problem = Failures.sentence(e);
      if (!problem.equals(lastBeatProblem.get(member))) {
        log.error("event=heartbeat-broken resource={} member={}", resource, member, e);
      }
    } finally {
      lastBeatProblem.put(member, problem);
      beating.remove(member);
    }
  }
}
