/**
 * Failovers of PostgreSQL clusters rehearsed on throw-away clones: a control plane of their own
 * runs them, a prober writes, a fault strikes, and what follows is measured.
 */
@NullMarked
package io.cotidal.app.postgres.rehearsal;

import org.jspecify.annotations.NullMarked;
