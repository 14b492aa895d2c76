/** Files from the master: over rsync and SSH with pinned keys, verified, kept by their content. */
@NullMarked
package io.cotidal.feeds.transfer;

import org.jspecify.annotations.NullMarked;
