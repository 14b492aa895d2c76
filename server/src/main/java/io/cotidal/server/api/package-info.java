/**
 * The routes of the API: what can be seen and asked, and how the engine's replies read in HTTP. No
 * logic of a kind.
 *
 * <p>Depends on http, events, access, metrics and the runtime's {@link
 * io.cotidal.runtime.ControlPlane}.
 */
@NullMarked
package io.cotidal.server.api;

import org.jspecify.annotations.NullMarked;
