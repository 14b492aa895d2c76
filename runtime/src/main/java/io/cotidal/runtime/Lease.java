package io.cotidal.runtime;

import io.cotidal.engine.Input;
import io.cotidal.model.Spec;
import java.util.function.Consumer;

/**
 * What one loop knows of the election. After a win the engine is told what the store holds, read
 * when no batch of an earlier term is on its way any more. Belongs to the loop's thread.
 */
final class Lease<S extends Spec, F> {
  private final Journal<S, F> journal;
  private final Consumer<Input<S, F>> engine;
  private boolean held;
  private boolean lapsed;
  private boolean due;
  private long term;

  /**
   * A lease that is not held.
   *
   * @param engine told of win and loss
   */
  Lease(Journal<S, F> journal, Consumer<Input<S, F>> engine) {
    this.journal = journal;
    this.engine = engine;
  }

  /**
   * Called before each input, so that a process that slept past the end of its lease does not act
   * on it, whoever tells it so when.
   *
   * @param valid whether the election says, this very moment, that this daemon may act
   */
  void heed(boolean valid) {
    if (held && !valid) {
      lost("the lease has ended");
      lapsed = true;
    } else if (lapsed && valid) {
      won();
    }
  }

  void won() {
    lapsed = false;
    held = true;
    due = true;
    term++;
  }

  void lost(String reason) {
    lapsed = false;
    held = false;
    due = false;
    term++;
    journal.forgetLoad();
    engine.accept(new Input.LeaseLost<>(reason));
  }

  /** The engine met a newer epoch in the store. */
  void doubted(String reason) {
    if (held) {
      won();
    } else {
      lost(reason);
    }
  }

  /** Nothing of this resource is on its way to the store. */
  void quiet() {
    if (due) {
      due = false;
      journal.load(term);
    }
  }

  void loaded(Message.Loaded<S, F> loaded) {
    if (loaded.term() == term) {
      engine.accept(new Input.LeaseWon<>(loaded.snapshot()));
    }
  }
}
