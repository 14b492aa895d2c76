/**
 * Whether there is room for one more: pure decisions from what was measured. Depends on nothing but
 * storage's measure of room.
 */
@NullMarked
package io.cotidal.copies.capacity;

import org.jspecify.annotations.NullMarked;
