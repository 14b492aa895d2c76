/** The kind and the real engine over servers on paper. */
@NullMarked
package io.cotidal.directory.plan;

import org.jspecify.annotations.NullMarked;
