/**
 * Measurements. Each prints a table and, as its last line, one JSON with what was measured and
 * whether it is enough.
 */
@NullMarked
package io.cotidal.bench;

import org.jspecify.annotations.NullMarked;
