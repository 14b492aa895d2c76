package io.cotidal.objects.compare;

import java.time.Duration;

/**
 * What decisions about a container rest on, beside its rows.
 *
 * @param placed the sites that are to have the container. A site that is read and not placed is one
 *     that the container leaves: objects are taken from there, its deletions count, and nothing is
 *     copied there
 * @param joining those of them that have not yet been through a whole pass
 * @param skew an object that was written so much later than now is left alone
 */
public record Rules(SiteSet placed, SiteSet joining, Duration skew) {}
