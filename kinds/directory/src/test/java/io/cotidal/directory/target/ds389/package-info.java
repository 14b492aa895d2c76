/** 389 DS: what its texts mean, and what the acts do on real servers. */
@NullMarked
package io.cotidal.directory.target.ds389;

import org.jspecify.annotations.NullMarked;
