/**
 * Listings as streams: row after row in Swift's order, page after page, never a whole page in
 * memory. Knows how a listing is written, not how it is fetched; no thread, no clock.
 */
@NullMarked
package io.cotidal.objects.listing;

import org.jspecify.annotations.NullMarked;
