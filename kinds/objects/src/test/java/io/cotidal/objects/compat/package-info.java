/** Tests of the room compat. */
@NullMarked
package io.cotidal.objects.compat;

import org.jspecify.annotations.NullMarked;
