/** Passes over containers at two real sites. */
@NullMarked
package io.cotidal.objects.mover;

import org.jspecify.annotations.NullMarked;
