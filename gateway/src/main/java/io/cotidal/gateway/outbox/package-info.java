/**
 * What a gateway has let clients change and has not yet seen at all other sites: on the disk before
 * the site hears of it, and until all have it.
 *
 * <p>What is kept is no list of operations but, for each account or container, that it must be
 * looked at: since when, the stamp of the latest change, and what was known of it before. Whatever
 * a crash leaves unknown is looked at, so nothing here need be undone.
 *
 * <p>One file, {@code outbox-N.log}, is written to by one thread: those who wait at the same time
 * share one write to the disk. A file begins with all that was open when it was begun; when it has
 * grown, another one takes its place. What a crash tore off at its end was told to nobody and is
 * cut off; damage anywhere else is refused, and told.
 */
@NullMarked
package io.cotidal.gateway.outbox;

import org.jspecify.annotations.NullMarked;
