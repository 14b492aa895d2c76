/** Directories through the whole daemon, on real servers. */
@NullMarked
package io.cotidal.app.directory;

import org.jspecify.annotations.NullMarked;
