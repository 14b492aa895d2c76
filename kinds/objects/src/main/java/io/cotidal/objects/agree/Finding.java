package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Verdict;

/**
 * Something to be done: {@code Copy}, {@code Conflict} or {@code Delete}. It is open until it is
 * settled.
 *
 * @param number of its pass, counted from 1
 */
public record Finding(long number, Key key, Verdict verdict) {}
