package io.cotidal.lab;

/**
 * An insert that a member said is safe.
 *
 * @param id of the row
 * @param member who said so
 * @param nanos monotonic time at which the answer was read
 */
public record Acknowledgement(long id, String member, long nanos) {}
