/** What is to be done about a namespace. Pure. */
@NullMarked
package io.cotidal.objects.plan;

import org.jspecify.annotations.NullMarked;
