/** Tests of what is agreed on. */
@NullMarked
package io.cotidal.objects.agree;

import org.jspecify.annotations.NullMarked;
