package io.cotidal.directory.observe;

/**
 * A task that takes a replica id out of every member's vector.
 *
 * @param id the replica id
 * @param done whether it has ended well
 * @param words the server's own sentence
 */
public record Cleaning(int id, boolean done, String words) {}
