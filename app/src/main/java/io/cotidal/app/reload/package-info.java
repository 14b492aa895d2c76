/**
 * A configuration that changes while the daemon runs: what differs between two of them, taking that
 * up, and the record of it that daemons of one store share. Knows kinds by their wings alone.
 */
@NullMarked
package io.cotidal.app.reload;

import org.jspecify.annotations.NullMarked;
