/** Replicas of published datasets under a whole daemon, on real servers. */
@NullMarked
package io.cotidal.app.feeds;

import org.jspecify.annotations.NullMarked;
