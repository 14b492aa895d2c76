package io.cotidal.objects.agree;

import io.cotidal.objects.compare.SiteSet;

/**
 * How far a pass has come: what has to be known to go on with it.
 *
 * @param after every name up to this one is done with
 * @param objects that were met so far
 * @param deferred deletions that were put off so far
 * @param deferredBytes that they take
 * @param whole sites that have been read without a gap so far, and to which everything has come
 */
public record Cursor(
    String after, long objects, long deferred, long deferredBytes, SiteSet whole) {}
