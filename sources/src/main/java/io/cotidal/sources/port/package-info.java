/** Stand-ins. */
@NullMarked
package io.cotidal.sources.port;

import org.jspecify.annotations.NullMarked;
