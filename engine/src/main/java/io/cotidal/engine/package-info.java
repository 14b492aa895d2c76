/**
 * Decides: observe, plan, operate. One {@link io.cotidal.engine.Engine} a resource takes {@link
 * io.cotidal.engine.Input}s and answers {@link io.cotidal.engine.Effect}s; a kind plugs in with
 * {@link io.cotidal.engine.Kind} and its operation types, a real world with {@link
 * io.cotidal.engine.Driver} and {@link io.cotidal.engine.Store}.
 *
 * <p>Depends on the model only: no I/O, no clock, no thread.
 */
@NullMarked
package io.cotidal.engine;

import org.jspecify.annotations.NullMarked;
