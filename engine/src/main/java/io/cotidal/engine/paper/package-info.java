/**
 * What an engine stands on when its world is on paper: for the simulator and for tests of the
 * engine and of kinds. Nothing that serves leans on it; {@code HouseTest} holds that.
 *
 * <p>Depends on the model and on the engine's contract, not on what the engine is made of.
 */
@NullMarked
package io.cotidal.engine.paper;

import org.jspecify.annotations.NullMarked;
