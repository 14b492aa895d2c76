/** Tests of names and times. */
@NullMarked
package io.cotidal.objects.names;

import org.jspecify.annotations.NullMarked;
