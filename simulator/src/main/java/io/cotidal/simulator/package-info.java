/**
 * Seeded histories of the real engine and the real postgres planners against fake servers, a fake
 * network, a fake store and a fake election, on one thread and a clock of its own. The same seed is
 * the same history, to the last event.
 */
@NullMarked
package io.cotidal.simulator;

import org.jspecify.annotations.NullMarked;
