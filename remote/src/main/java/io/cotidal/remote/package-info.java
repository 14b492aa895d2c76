/**
 * Reaching machines: processes, files that survive a power cut, and the gate beside a member's
 * data, and asking over HTTP. So far the machine is this one.
 *
 * <p>May depend on the model only. Calls block; none starts a thread.
 */
@NullMarked
package io.cotidal.remote;

import org.jspecify.annotations.NullMarked;
