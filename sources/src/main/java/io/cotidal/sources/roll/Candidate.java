package io.cotidal.sources.roll;

import io.cotidal.model.Details;

/**
 * Somebody whom a source names, before it is decided who is counted.
 *
 * @param name as the source calls it; empty to call it by its address
 * @param address {@link Address#NONE} if the source says none, as of a container that stands still
 * @param labels what else is said of it
 * @param fit whether the source holds it for well
 */
public record Candidate(String name, Address address, Details labels, boolean fit) {}
