/**
 * Which source is meant, and with what settings. Depends on the model, remote's addresses, roll.
 */
@NullMarked
package io.cotidal.sources.spec;

import org.jspecify.annotations.NullMarked;
