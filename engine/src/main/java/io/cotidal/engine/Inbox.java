package io.cotidal.engine;

import io.cotidal.model.Moment;
import io.cotidal.model.Progress;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What came in while a batch was on its way to the store: results, inspections, commands. */
final class Inbox<S extends Spec, F> {
  /** So long a refusal waits for looks: for one that hangs, nobody's request does. */
  private static final long PATIENCE = 2_000 * Moment.MILLI;

  private final Operations<S, F> operations;
  private final Commands<S, F> commands;

  /** When requests that would be refused were first taken in, on the monotonic clock. */
  private final Map<String, Long> doubted = new TreeMap<>();

  private final Deque<Input<S, F>> waiting = new ArrayDeque<>();
  private final Map<String, Progress> progress = new TreeMap<>();

  Inbox(Operations<S, F> operations, Commands<S, F> commands) {
    this.operations = operations;
    this.commands = commands;
  }

  void add(Input.StepResult<S, F> result) {
    waiting.add(result);
  }

  void add(Input.Inspected<S, F> inspected) {
    waiting.add(inspected);
  }

  void add(Input.Commanded<S, F> commanded) {
    waiting.add(commanded);
  }

  void progressed(Input.Progressed<S, F> made) {
    progress.put(made.operation() + "." + made.sequence(), made.progress());
  }

  /** Of the steps whose results have not been taken in, as {@code operation.sequence}. */
  Map<String, Progress> progress() {
    return progress;
  }

  /** Throws everything away, progress too. */
  void forget() {
    waiting.clear();
    doubted.clear();
    progress.clear();
  }

  /** Throws away what waits; the commands among it, whose replies are owed, are the answer. */
  List<String> empty() {
    List<String> owed = new ArrayList<>();
    for (Input<S, F> input : waiting) {
      if (input instanceof Input.Commanded<S, F> commanded) {
        owed.add(commanded.id());
      }
    }
    waiting.clear();
    doubted.clear();
    return owed;
  }

  /**
   * Takes in what waits, in the order in which it came. What cannot be begun as things stand is
   * refused only when things are known: until every member was looked at since the last act on it,
   * the request goes on waiting, though not for long. So a start that follows a stop at once is not
   * refused for what was seen in between.
   *
   * @param seen whether every member was looked at since the last act on it
   * @param replies gets the reply to each command, for when the turn is durable
   * @return the newer stamp if a gate refused ours, and then the rest goes on waiting; else null
   */
  @Nullable Stamp takeIn(Turn<F> turn, S spec, boolean seen, Map<String, Reply> replies) {
    List<Input.Commanded<S, F>> later = new ArrayList<>();
    Stamp newer = null;
    while (newer == null && !waiting.isEmpty()) {
      switch (waiting.remove()) {
        case Input.StepResult<S, F> result -> {
          progress.remove(result.operation() + "." + result.sequence());
          newer = operations.on(turn, spec, result);
        }
        case Input.Inspected<S, F> inspected -> operations.on(turn, spec, inspected);
        case Input.Commanded<S, F> asked -> {
          Reply reply = commands.on(turn, spec, asked.command());
          if (!seen && refused(asked.command(), reply) && waits(asked.id(), turn)) {
            later.add(asked);
          } else {
            doubted.remove(asked.id());
            replies.put(asked.id(), reply);
          }
        }
        case Input<S, F> other -> throw new IllegalStateException("not for the inbox: " + other);
      }
    }
    waiting.addAll(later);
    return newer;
  }

  private boolean waits(String id, Turn<F> turn) {
    long now = turn.state().now().nanos();
    return now - doubted.computeIfAbsent(id, first -> now) < PATIENCE;
  }

  private static boolean refused(Command command, Reply reply) {
    return command instanceof Command.Begin
        && (reply instanceof Reply.Invalid || reply instanceof Reply.Declined);
  }
}
