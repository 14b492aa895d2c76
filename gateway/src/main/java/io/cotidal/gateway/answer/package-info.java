/**
 * What a client is told who changed a container: whose word is waited for, and what is said if it
 * does not come. Pure.
 *
 * <p>A change that its own site refused is told as it is, and no other site hears of it. One that
 * its own site has made is never undone: it is in the outbox, and comes to every other site. What
 * can be chosen is how many of them the client waits for. If they do not follow in time the client
 * is told 503 with {@code X-Cotidal-Sync: pending}: the change is made here, is kept, and follows
 * there; whoever repeats it does no harm.
 */
@NullMarked
package io.cotidal.gateway.answer;

import org.jspecify.annotations.NullMarked;
