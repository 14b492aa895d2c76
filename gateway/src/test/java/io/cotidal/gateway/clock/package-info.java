/** The hybrid clock. */
@NullMarked
package io.cotidal.gateway.clock;

import org.jspecify.annotations.NullMarked;
