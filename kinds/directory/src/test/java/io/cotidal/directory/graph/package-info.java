/** Properties of topologies and of what is proven about them. */
@NullMarked
package io.cotidal.directory.graph;

import org.jspecify.annotations.NullMarked;
