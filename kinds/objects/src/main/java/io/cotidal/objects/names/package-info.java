/** What things are called at every site, and when they were written there. Pure. */
@NullMarked
package io.cotidal.objects.names;

import org.jspecify.annotations.NullMarked;
