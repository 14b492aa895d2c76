package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.SiteSet;
import java.time.Duration;

/**
 * What a pass goes by.
 *
 * @param placed sites that are to have the container; the others that are read are left
 * @param skew an object that was written so much later than now is left alone
 * @param tombstones for so long a deletion is remembered at least
 * @param brake over deletions
 */
public record Terms(SiteSet placed, Duration skew, Duration tombstones, Brake brake) {}
