/** The words between planners and driver. */
@NullMarked
package io.cotidal.postgres.acts;

import org.jspecify.annotations.NullMarked;
