/** Acts and looks on the real repository, database and GeoServer. */
@NullMarked
package io.cotidal.feeds.steps;

import org.jspecify.annotations.NullMarked;
