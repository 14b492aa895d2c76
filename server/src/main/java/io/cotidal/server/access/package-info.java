/**
 * Who may come in: tokens, browser sessions, one-time links, and the count of those who failed.
 * Knows nothing of HTTP.
 *
 * <p>Depends on the model and the engine's {@link io.cotidal.engine.TokenStore}.
 */
@NullMarked
package io.cotidal.server.access;

import org.jspecify.annotations.NullMarked;
