/**
 * Decides: diagnosis, proposals, the steps of each operation. Pure: no I/O, no clock, no thread.
 */
@NullMarked
package io.cotidal.postgres.plan;

import org.jspecify.annotations.NullMarked;
