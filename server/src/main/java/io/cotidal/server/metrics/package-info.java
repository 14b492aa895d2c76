/**
 * Figures for Prometheus, read from the same views that the screens show.
 *
 * <p>Depends on the runtime's {@link io.cotidal.runtime.ControlPlane}.
 */
@NullMarked
package io.cotidal.server.metrics;

import org.jspecify.annotations.NullMarked;
