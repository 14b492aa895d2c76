/** Real directory servers. */
@NullMarked
package io.cotidal.directory.target;

import org.jspecify.annotations.NullMarked;
