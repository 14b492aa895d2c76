/**
 * A member's machine behind one seam: this one, or another over SSH, where a small program, the
 * gate, does the same. Steps and looks know the seam alone. Depends on the spec and on {@code
 * io.cotidal.remote}; knows nothing of SQL.
 */
@NullMarked
package io.cotidal.postgres.reach;

import org.jspecify.annotations.NullMarked;
