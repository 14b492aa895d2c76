package io.cotidal.model;

/**
 * An operation that a planner, or a person, would like to have run.
 *
 * @param type the operation type's name
 * @param input its input
 * @param reason why, in one sentence
 * @param automatic whether, in mode {@code manage}, it may run without approval although it is
 *     irreversible
 */
public record Wanted(String type, Details input, String reason, boolean automatic) {}
