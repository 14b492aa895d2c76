/** The original's API, words and environment. */
@NullMarked
package io.cotidal.copies.compat;

import org.jspecify.annotations.NullMarked;
