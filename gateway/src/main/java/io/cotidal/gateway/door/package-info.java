/** What the proxy asks about each request, and what it is told. Records and ports only. */
@NullMarked
package io.cotidal.gateway.door;

import org.jspecify.annotations.NullMarked;
