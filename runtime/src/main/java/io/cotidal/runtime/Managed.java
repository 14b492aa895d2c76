package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.engine.Kind;
import io.cotidal.model.Spec;

/**
 * A resource that a daemon runs.
 *
 * @param driver closed by the daemon when it stops
 */
public record Managed<S extends Spec, F>(Kind<S, F> kind, S spec, Driver<F> driver) {}
