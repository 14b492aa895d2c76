/** Tests of what is read of the original's files. */
@NullMarked
package io.cotidal.postgres.compat;

import org.jspecify.annotations.NullMarked;
