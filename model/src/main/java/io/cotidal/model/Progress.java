package io.cotidal.model;

/**
 * How far an act is.
 *
 * @param done so many units
 * @param total of so many; 0 if nobody knows
 * @param unit for example {@code bytes}
 */
public record Progress(long done, long total, String unit) {}
