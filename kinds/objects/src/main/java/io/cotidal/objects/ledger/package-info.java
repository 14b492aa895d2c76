/**
 * What was discarded, and for what: an append-only file of the writes and deletions that a later
 * write at another site overruled. May use {@code names}, {@code compare} and {@code state}.
 */
@NullMarked
package io.cotidal.objects.ledger;

import org.jspecify.annotations.NullMarked;
