/** GeoServer over REST: only what differs is written, and what was written is probed. */
@NullMarked
package io.cotidal.feeds.geoserver;

import org.jspecify.annotations.NullMarked;
