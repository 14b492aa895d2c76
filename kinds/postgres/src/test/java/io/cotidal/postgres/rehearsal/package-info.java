/** Tests of what is made for a rehearsal on clones. */
@NullMarked
package io.cotidal.postgres.rehearsal;

import org.jspecify.annotations.NullMarked;
