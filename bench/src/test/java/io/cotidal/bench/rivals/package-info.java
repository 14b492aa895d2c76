/** The measurement beside other programs, on paper. */
@NullMarked
package io.cotidal.bench.rivals;

import org.jspecify.annotations.NullMarked;
