/**
 * The zombie guard: what runs inside a primary that commits without waiting for replicas, and ends
 * it once nobody can vouch for it any more.
 */
@NullMarked
package io.cotidal.postgres.guard;

import org.jspecify.annotations.NullMarked;
