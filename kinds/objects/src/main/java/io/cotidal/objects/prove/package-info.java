/**
 * Proof that two sites hold the same: a digest of a listing, small enough to be kept and exact
 * enough to name the range of names in which two listings differ. Pure; may use {@code names} only.
 */
@NullMarked
package io.cotidal.objects.prove;

import org.jspecify.annotations.NullMarked;
