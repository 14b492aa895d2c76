/** Tests of rehearsals on clones. */
@NullMarked
package io.cotidal.app.rehearsal;

import org.jspecify.annotations.NullMarked;
