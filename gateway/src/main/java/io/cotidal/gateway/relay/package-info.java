/**
 * Carries to the other sites what clients changed at this one: the fast way; comparison finds
 * whatever is missed here.
 *
 * <p>No request is ever repeated elsewhere. When a change may have been done, the container is read
 * at all its sites as the service, and {@link io.cotidal.objects.state.Convergence} decides, from
 * what was known before the change and what is there now, what is to be done where. One container
 * is worked on once at a time, many side by side; a site that does not answer rests for a while,
 * longer each time.
 *
 * <p><b>Whose change holds</b> if two sites changed the same container beside each other: the one
 * with the later stamp. Each gateway stamps every change with its hybrid clock and, before it does
 * anything about it elsewhere, leaves the stamp at its own site: an empty object named {@code
 * account/container} in the container {@code cotidal-stamps} of an account of the service, written
 * with a signature so that its {@code X-Timestamp} <i>is</i> the stamp. Swift itself lets no older
 * stamp replace a newer one; nothing shows in the containers of clients, no gateway need reach
 * another, and the daemon can read the same stamps and give them to its own decisions ({@link
 * io.cotidal.objects.stamps.Shelf#read}). Two gateways that heal after a partition read the same
 * two stamps and come to the same. Hearing a stamp sets the clock forward; one too far ahead is not
 * believed, and its site waits. Stamps are forgotten after some days, when whatever they ordered
 * has long been compared.
 *
 * <p><b>A deletion</b> is carried to sites where the container is empty. One with objects waits
 * here until the comparison of objects has drained it or has found that somebody wrote to it; then
 * this room sees that the sites are the same, and lets go.
 */
@NullMarked
package io.cotidal.gateway.relay;

import org.jspecify.annotations.NullMarked;
