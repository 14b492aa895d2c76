/**
 * Which container lies at which sites, as the daemon wrote it down for gateways: a small file that
 * they read again when it changes. One that cannot be understood changes nothing: the last good one
 * holds, also after a restart, and so gateways outlive the daemon.
 */
@NullMarked
package io.cotidal.gateway.placing;

import org.jspecify.annotations.NullMarked;
