/**
 * What the sites of a container agreed on, in files that survive a kill, and the pass that renews
 * it. A {@link io.cotidal.objects.agree.Pass} hands out verdicts in the order of names, and writes
 * down what is confirmed, whenever that comes and in whatever order; what is not confirmed keeps
 * its former agreement. May use {@code names} and {@code compare}; knows no site and no clock.
 */
@NullMarked
package io.cotidal.objects.agree;

import org.jspecify.annotations.NullMarked;
