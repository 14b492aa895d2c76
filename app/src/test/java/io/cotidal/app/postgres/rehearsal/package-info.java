/** Tests of rehearsals on clones. */
@NullMarked
package io.cotidal.app.postgres.rehearsal;

import org.jspecify.annotations.NullMarked;
