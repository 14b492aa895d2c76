/** Acts on real servers, under the gate. */
@NullMarked
package io.cotidal.postgres.steps;

import org.jspecify.annotations.NullMarked;
