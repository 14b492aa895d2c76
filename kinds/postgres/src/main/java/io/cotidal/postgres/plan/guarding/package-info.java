/** When and on whom a primary's guard counts, and what it proves. */
@NullMarked
package io.cotidal.postgres.plan.guarding;

import org.jspecify.annotations.NullMarked;
