package io.cotidal.engine;

import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import java.util.List;

/** An operation type's answer to what remains to be done. */
public sealed interface Continuation {
  /**
   * These steps and no others. Empty means that the operation has done its work.
   *
   * @param steps keys are unique; a step that has been tried before has the key that it had
   */
  record Rest(List<Step> steps) implements Continuation {
    /** Copies the list. */
    public Rest {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Nothing can be done before something changes; asked again when it does.
   *
   * @param looks members that are looked at at once, because a look at them may change it
   */
  record Wait(String reason, List<MemberId> looks) implements Continuation {
    /** Copies the list. */
    public Wait {
      looks = List.copyOf(looks);
    }

    /** Until something changes by itself. */
    public Wait(String reason) {
      this(reason, List.of());
    }
  }

  /**
   * What the operation was for has gone away, and everything it changed is in a state that planning
   * understands.
   */
  record Moot(String reason) implements Continuation {}

  /**
   * The operation has failed, and everything it changed is in a state that planning understands.
   */
  record GiveUp(String reason) implements Continuation {}

  /**
   * A person must look.
   *
   * @param damaged the locks to keep meanwhile; all others are released
   */
  record Stuck(String reason, List<Lock> damaged) implements Continuation {
    /** Copies the list. */
    public Stuck {
      damaged = List.copyOf(damaged);
    }
  }

  /** No steps are left. */
  static Continuation finished() {
    return new Rest(List.of());
  }

  /** These steps remain. */
  static Continuation rest(List<Step> steps) {
    return new Rest(steps);
  }
}
