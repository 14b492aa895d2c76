/** Tests of what a gateway says of itself. */
@NullMarked
package io.cotidal.gateway.status;

import org.jspecify.annotations.NullMarked;
