/** Placings, good and bad. */
@NullMarked
package io.cotidal.gateway.placing;

import org.jspecify.annotations.NullMarked;
