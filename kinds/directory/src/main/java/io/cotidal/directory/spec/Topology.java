package io.cotidal.directory.spec;

import io.cotidal.model.Details;

/**
 * Which graph connects the members.
 *
 * @param graph the graph's name
 * @param parameters what it was given beside its name
 */
public record Topology(String graph, Details parameters) {}
