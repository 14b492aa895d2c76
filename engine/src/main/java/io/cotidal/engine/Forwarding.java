package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Spec;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;

/**
 * An operation type that does what another one does. Whoever implements it says what it does
 * otherwise, and nothing else; whatever an operation type is asked later is asked of that other
 * one.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public interface Forwarding<S extends Spec, F> extends OperationType<S, F> {
  /** Who does it. */
  OperationType<S, F> type();

  @Override
  default String name() {
    return type().name();
  }

  @Override
  default int version() {
    return type().version();
  }

  @Override
  default Risk risk() {
    return type().risk();
  }

  @Override
  default List<Lock> locks(Details input) {
    return type().locks(input);
  }

  @Override
  default boolean preempts() {
    return type().preempts();
  }

  @Override
  default Continuation steps(Details input, Run run, S spec, State<F> state) {
    return type().steps(input, run, spec, state);
  }

  @Override
  default List<Step> predicted(Details input, S spec, State<F> state) {
    return type().predicted(input, spec, state);
  }

  @Override
  default Duration longestPause() {
    return type().longestPause();
  }

  @Override
  default Duration deadline() {
    return type().deadline();
  }
}
