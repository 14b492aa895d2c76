package io.cotidal.model;

import org.jspecify.annotations.Nullable;

/**
 * A fact for the log that people and alerts read.
 *
 * @param micros wall time in microseconds since 1970
 * @param operation the operation's number; 0 if the event belongs to none
 * @param code a stable word, for example {@code failover-done}
 * @param actor who caused it; null if nobody did
 * @param text one sentence
 */
public record Event(
    ResourceId resource,
    long micros,
    Severity severity,
    String code,
    long operation,
    @Nullable Actor actor,
    String text,
    Details details) {}
