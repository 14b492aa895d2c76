package io.cotidal.feeds.table;

import java.nio.file.Path;

/**
 * A dump that is to become a generation of a table.
 *
 * @param dump an archive of {@code pg_dump} in one file: its custom format, or tar
 * @param generation the caller's word for it: lower-case letters and digits, at most 20; the same
 *     word at every try
 * @param digest what the caller knows the dump's content by
 */
public record Stage(Target target, Path dump, String generation, String digest) {}
