/**
 * Does what a comparison of one container found: copies, deletions, metadata, with the time that
 * each write had. An edge: it knows sites, listings, verdicts, what is agreed on and the ledger,
 * and neither plans nor steps.
 */
@NullMarked
package io.cotidal.objects.mover;

import org.jspecify.annotations.NullMarked;
