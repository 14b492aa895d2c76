/**
 * Threads and clocks: runs the engine's effects. The rest of the house talks to it through {@link
 * io.cotidal.runtime.ControlPlane}.
 *
 * <p>Depends on the engine and the model.
 */
@NullMarked
package io.cotidal.runtime;

import org.jspecify.annotations.NullMarked;
