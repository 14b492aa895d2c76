/**
 * Machines that are reached over SSH: pinned host keys, one kept session a machine, a forced
 * command at its other end that answers lines. No shell, no agent, no forwarding. Depends on the
 * parent package and the library of its name.
 */
@NullMarked
package io.cotidal.remote.ssh;

import org.jspecify.annotations.NullMarked;
