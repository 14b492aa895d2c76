package io.cotidal.objects.state;

/**
 * What the comparison of listings says of the objects of a container that was deleted elsewhere,
 * old versions included.
 *
 * @param stale objects that had been agreed where it was deleted, and were not written since: they
 *     are deleted here, too
 * @param fresh objects that never came to where it was deleted, or were written since
 */
public record Contents(long stale, long fresh) {}
