package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Verdict;

/**
 * A deletion that waits until the whole pass is known.
 *
 * @param before what was agreed on
 */
public record Deferred(Agreed before, Verdict.Delete delete) {}
