/**
 * Which supplier replicates to which: topologies, and proofs about them. Pure; depends on the
 * model.
 */
@NullMarked
package io.cotidal.directory.graph;

import org.jspecify.annotations.NullMarked;
