/**
 * A stand-in for GeoServer: its REST calls with the statuses that a real one gives, the odd ones
 * among them, and maps and features from a real PostGIS. In memory; depends on nothing of the
 * house.
 */
@NullMarked
package io.cotidal.lab.geoserver;

import org.jspecify.annotations.NullMarked;
