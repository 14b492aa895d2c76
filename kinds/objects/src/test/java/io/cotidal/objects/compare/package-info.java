/** Tests of what is decided. */
@NullMarked
package io.cotidal.objects.compare;

import org.jspecify.annotations.NullMarked;
