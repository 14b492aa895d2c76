/** Requests of clients before real sites. */
@NullMarked
package io.cotidal.gateway.desk;

import org.jspecify.annotations.NullMarked;
