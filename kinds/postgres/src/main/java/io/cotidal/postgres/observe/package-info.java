/** How members are looked at, and the facts that come of it. */
@NullMarked
package io.cotidal.postgres.observe;

import org.jspecify.annotations.NullMarked;
