/**
 * A failover rehearsed on throw-away clones: one copy of a cluster, made harmless, of which as many
 * members are made as the cluster has. Who runs and strikes them is a port.
 */
@NullMarked
package io.cotidal.postgres.rehearsal;

import org.jspecify.annotations.NullMarked;
