package io.cotidal.engine;

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
  private final Operations<S, F> operations;
  private final Commands<S, F> commands;
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
    return owed;
  }

  /**
   * Takes in what waits, in the order in which it came.
   *
   * @param replies gets the reply to each command, for when the turn is durable
   * @return the newer stamp if a gate refused ours, and then the rest goes on waiting; else null
   */
  @Nullable Stamp takeIn(Turn<F> turn, S spec, Map<String, Reply> replies) {
    while (!waiting.isEmpty()) {
      switch (waiting.remove()) {
        case Input.StepResult<S, F> result -> {
          progress.remove(result.operation() + "." + result.sequence());
          Stamp newer = operations.on(turn, spec, result);
          if (newer != null) {
            return newer;
          }
        }
        case Input.Inspected<S, F> seen -> operations.on(turn, spec, seen);
        case Input.Commanded<S, F> asked ->
            replies.put(asked.id(), commands.on(turn, spec, asked.command()));
        case Input<S, F> other -> throw new IllegalStateException("not for the inbox: " + other);
      }
    }
    return null;
  }
}
