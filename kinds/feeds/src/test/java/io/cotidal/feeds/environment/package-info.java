/** Tests of the original's variables, and of the lines and files that hold them. */
@NullMarked
package io.cotidal.feeds.environment;

import org.jspecify.annotations.NullMarked;
