/** Kept connections against peers that misbehave. */
@NullMarked
package io.cotidal.remote.http.kept;

import org.jspecify.annotations.NullMarked;
