/**
 * Decides: the kind itself, what is wanted for each diagnosis, what people ask and are shown. Pure,
 * as all rooms below: no I/O, no clock, no thread.
 */
@NullMarked
package io.cotidal.postgres.plan;

import org.jspecify.annotations.NullMarked;
