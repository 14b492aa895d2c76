/**
 * What a member's log has that the primary's never got: where they part, what lies beyond, and how
 * it is told. Pure, but for the script that counts on the member's machine, which lies here as a
 * text. Leans on model, pgclient's positions and jspecify alone.
 */
@NullMarked
package io.cotidal.postgres.losses;

import org.jspecify.annotations.NullMarked;
