/**
 * The HTTP API, its security and the page's host: {@link io.cotidal.server.ApiServer} puts them
 * together on Jetty.
 *
 * <p>Depends on the runtime's {@link io.cotidal.runtime.ControlPlane}, the engine's records and the
 * model. No logic of a kind lives here.
 */
@NullMarked
package io.cotidal.server;

import org.jspecify.annotations.NullMarked;
