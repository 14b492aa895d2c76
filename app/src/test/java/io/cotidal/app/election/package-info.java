/** What every election must do, and the elections that pass it. */
@NullMarked
package io.cotidal.app.election;

import org.jspecify.annotations.NullMarked;
