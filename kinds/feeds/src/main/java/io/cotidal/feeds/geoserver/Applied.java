package io.cotidal.feeds.geoserver;

/**
 * What was done.
 *
 * @param writes calls that change something; 0 if everything was as wanted
 * @param print digest of the fields that we own, as they were read back; empty for what was removed
 */
public record Applied(int writes, String print) {}
