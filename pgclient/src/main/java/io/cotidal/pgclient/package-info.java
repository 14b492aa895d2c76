/**
 * Talking to a PostgreSQL server: sessions with deadlines that hold even if the server is frozen,
 * positions in its log, quoting.
 *
 * <p>May depend on the model and the JDBC driver only. Calls block; none starts a thread.
 */
@NullMarked
package io.cotidal.pgclient;

import org.jspecify.annotations.NullMarked;
