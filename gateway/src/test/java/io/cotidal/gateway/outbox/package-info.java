/** The outbox on a real disk, and after crashes. */
@NullMarked
package io.cotidal.gateway.outbox;

import org.jspecify.annotations.NullMarked;
