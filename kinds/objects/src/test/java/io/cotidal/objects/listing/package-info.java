/** Listings as streams, from texts. */
@NullMarked
package io.cotidal.objects.listing;

import org.jspecify.annotations.NullMarked;
