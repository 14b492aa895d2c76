/**
 * The port through which one kind takes another's data as it stood at one moment. Declarations
 * alone: a kind offers it, another asks it, the app puts the two together.
 */
@NullMarked
package io.cotidal.engine.snapshot;

import org.jspecify.annotations.NullMarked;
