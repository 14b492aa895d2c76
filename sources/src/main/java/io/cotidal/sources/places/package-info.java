/**
 * The places where members are written, and how each is asked once. Speaks to files and servers;
 * what it reads is understood by roll. Depends on spec, roll, and remote.
 */
@NullMarked
package io.cotidal.sources.places;

import org.jspecify.annotations.NullMarked;
