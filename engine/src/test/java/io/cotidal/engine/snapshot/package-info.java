@NullMarked
package io.cotidal.engine.snapshot;

import org.jspecify.annotations.NullMarked;
