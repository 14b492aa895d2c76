/** Entry points and wiring: builds the object graph by hand. May depend on every other module. */
@NullMarked
package io.cotidal.app;

import org.jspecify.annotations.NullMarked;
