/**
 * What is done on the host: copies made, handed out, reset, removed; generations loaded. Each act
 * is done under the gate of the place that it concerns.
 */
@NullMarked
package io.cotidal.copies.steps;

import org.jspecify.annotations.NullMarked;
