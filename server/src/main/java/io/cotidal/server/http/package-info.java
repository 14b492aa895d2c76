/**
 * Declared routes and the one way through them: guard, match, recognise, permit, read, handle,
 * answer. Knows Jetty; knows nothing of resources.
 *
 * <p>Depends on access and json.
 */
@NullMarked
package io.cotidal.server.http;

import org.jspecify.annotations.NullMarked;
