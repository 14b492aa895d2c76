/**
 * Acts on real servers, each under its member's gate: do, read back, give evidence; and inspections
 * that answer from the effect alone.
 *
 * <p>May depend on spec, observe, the names in plan's {@code Acts}, pgclient and remote.
 */
@NullMarked
package io.cotidal.postgres.steps;

import org.jspecify.annotations.NullMarked;
