/** Tests of the room placement. */
@NullMarked
package io.cotidal.objects.placement;

import org.jspecify.annotations.NullMarked;
