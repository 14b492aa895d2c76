/** Tests of deltas: the file, and tables on a real server with PostGIS. */
@NullMarked
package io.cotidal.feeds.delta;

import org.jspecify.annotations.NullMarked;
