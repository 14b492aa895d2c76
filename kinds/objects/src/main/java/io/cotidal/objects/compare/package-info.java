/**
 * What is to be done about each name, decided on paper: the sites' listings and what they agreed on
 * go in, row by row and in Swift's order; a verdict on each name comes out. Pure: rows are handed
 * in by {@link io.cotidal.objects.compare.RowSource}, the time is an argument, and nothing is done
 * here. May use {@code names} and {@code spec} only.
 */
@NullMarked
package io.cotidal.objects.compare;

import org.jspecify.annotations.NullMarked;
