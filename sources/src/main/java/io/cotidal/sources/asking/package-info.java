/**
 * When a place is asked, what of its answers is told, and what several of them come to. Depends on
 * the engine's port, places, roll, and spec.
 */
@NullMarked
package io.cotidal.sources.asking;

import org.jspecify.annotations.NullMarked;
