/** What changed between two states of a table: packed at the master, applied at a replica. */
@NullMarked
package io.cotidal.feeds.delta;

import org.jspecify.annotations.NullMarked;
