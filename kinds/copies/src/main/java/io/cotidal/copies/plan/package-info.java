/**
 * What should become of generations, copies and spares, and the steps that lead there. Pure: the
 * same spec and state always give the same answer.
 */
@NullMarked
package io.cotidal.copies.plan;

import org.jspecify.annotations.NullMarked;
