package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Key;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log.
 *
 * @param row null if nothing is agreed on any more
 */
record Change(Key key, @Nullable Agreed row) {}
