/**
 * The seam between the kind and a vendor's servers: one interface, found by its name. Depends on
 * spec and observe.
 */
@NullMarked
package io.cotidal.directory.target;

import org.jspecify.annotations.NullMarked;
