/**
 * From what a source wrote to members: addresses and names, who is counted, documents of each form.
 * Pure: no I/O, no clock, no thread. Whatever is not understood makes the whole answer none.
 */
@NullMarked
package io.cotidal.sources.roll;

import org.jspecify.annotations.NullMarked;
