/**
 * The seam for protocols of the originals: a request, an answer, who answers, and how a caller is
 * known. Nothing of any one protocol lives here. {@link io.cotidal.server.CompatListener} listens.
 *
 * <p>Depends on the model and {@link io.cotidal.server.access}.
 */
@NullMarked
package io.cotidal.server.compat;

import org.jspecify.annotations.NullMarked;
