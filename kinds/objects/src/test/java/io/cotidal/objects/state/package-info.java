/** Tests of the room state. */
@NullMarked
package io.cotidal.objects.state;

import org.jspecify.annotations.NullMarked;
