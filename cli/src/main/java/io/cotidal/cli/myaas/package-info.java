/**
 * A client of the HTTP API of DB replicator (myaas), the original of the kind {@code copies}: of
 * the original itself and of Cotidal's listener for it. Depends on the API package's JSON and the
 * terminal.
 */
@NullMarked
package io.cotidal.cli.myaas;

import org.jspecify.annotations.NullMarked;
