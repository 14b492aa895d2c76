/**
 * How members are looked at, and the facts that come of it. Everything here only reads.
 *
 * <p>May depend on spec, pgclient, remote and the names in plan's {@code Acts}.
 */
@NullMarked
package io.cotidal.postgres.observe;

import org.jspecify.annotations.NullMarked;
