/** The original's variables as a whole configuration, and the files and lines that hold them. */
@NullMarked
package io.cotidal.feeds.environment;

import org.jspecify.annotations.NullMarked;
