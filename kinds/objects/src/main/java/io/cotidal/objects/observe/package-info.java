/** What looks at sites gave. Pure. */
@NullMarked
package io.cotidal.objects.observe;

import org.jspecify.annotations.NullMarked;
