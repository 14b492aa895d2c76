/**
 * Which container lies at which sites, and what a change of the rules would move. Pure: reads facts
 * that others gathered.
 */
@NullMarked
package io.cotidal.objects.placement;

import org.jspecify.annotations.NullMarked;
