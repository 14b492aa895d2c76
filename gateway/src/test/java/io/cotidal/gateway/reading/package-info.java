/** What is decided about reading without sites. */
@NullMarked
package io.cotidal.gateway.reading;

import org.jspecify.annotations.NullMarked;
