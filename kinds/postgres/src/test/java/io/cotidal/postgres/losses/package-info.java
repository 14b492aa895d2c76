/** Tests of what is found out about a log that is about to be overwritten. */
@NullMarked
package io.cotidal.postgres.losses;

import org.jspecify.annotations.NullMarked;
