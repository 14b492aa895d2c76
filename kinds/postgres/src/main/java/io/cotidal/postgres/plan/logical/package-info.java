/** Logical slots, which a promotion must not lose. */
@NullMarked
package io.cotidal.postgres.plan.logical;

import org.jspecify.annotations.NullMarked;
