/** A world of sites that fail, and a pass over them: what must never happen in it. */
@NullMarked
package io.cotidal.objects.world;

import org.jspecify.annotations.NullMarked;
