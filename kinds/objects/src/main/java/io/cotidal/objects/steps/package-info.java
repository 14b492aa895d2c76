/**
 * The real sites of one namespace: what a look at them gives, what an act does there. Knows the
 * planner's words and the edges; nobody but the house knows this room.
 */
@NullMarked
package io.cotidal.objects.steps;

import org.jspecify.annotations.NullMarked;
