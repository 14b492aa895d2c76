package io.cotidal.runtime;

import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.model.Moment;
import io.cotidal.model.Spec;
import java.util.List;

/** What a loop needs of an engine. Called by one thread only. */
interface Brain<S extends Spec, F> {

  List<Effect> on(Input<S, F> input, Moment now);

  ResourceView view();

  /** What is known. */
  State<F> state();

  /** The engine itself. */
  static <S extends Spec, F> Brain<S, F> of(Engine<S, F> engine) {
    return new Brain<>() {
      @Override
      public List<Effect> on(Input<S, F> input, Moment now) {
        return engine.on(input, now);
      }

      @Override
      public ResourceView view() {
        return engine.view();
      }

      @Override
      public State<F> state() {
        return engine.state();
      }
    };
  }
}
