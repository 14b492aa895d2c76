/**
 * The other end of the wire: the daemon's HTTP API as requests, answers and problems.
 *
 * <p>Uses {@link java.net.HttpURLConnection} only; {@code java.net.http} would multiply the
 * start-up time.
 */
@NullMarked
package io.cotidal.cli.api;

import org.jspecify.annotations.NullMarked;
