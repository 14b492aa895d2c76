/** The data plane of objects: a process of its own before each site, which outlives the daemon. */
@NullMarked
package io.cotidal.gateway;

import org.jspecify.annotations.NullMarked;
