/**
 * A third engine, as somebody else could write one: a little server of its own process that keeps a
 * few tables in a file. It knows nothing of Cotidal's but the seam, and is found by ServiceLoader.
 */
@NullMarked
package io.cotidal.copies.database.tiny;

import org.jspecify.annotations.NullMarked;
