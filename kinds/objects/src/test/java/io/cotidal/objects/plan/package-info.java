/** Tests of what is planned. */
@NullMarked
package io.cotidal.objects.plan;

import org.jspecify.annotations.NullMarked;
