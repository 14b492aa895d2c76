package io.cotidal.feeds.repository;

import java.util.OptionalLong;

/**
 * A plain file of a commit.
 *
 * @param path with slashes, from the root
 * @param id equal for equal content at the same path; it follows from the content
 * @param size in bytes; empty if it takes work to tell
 */
public record Entry(String path, String id, OptionalLong size) {}
