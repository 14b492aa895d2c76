/**
 * What has happened and what is happening: the log read backwards and forwards, and the live
 * stream.
 *
 * <p>Depends on http, json and the runtime's {@link io.cotidal.runtime.ControlPlane}.
 */
@NullMarked
package io.cotidal.server.events;

import org.jspecify.annotations.NullMarked;
