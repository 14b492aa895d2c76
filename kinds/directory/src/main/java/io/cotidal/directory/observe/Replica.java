package io.cotidal.directory.observe;

import io.cotidal.model.Details;

/**
 * A member's own settings of replication for the suffix.
 *
 * @param id unique among the members, and for ever
 * @param supplier whether it takes writes and keeps a changelog
 * @param account whether the account of the suppliers is there and admitted
 * @param settings what Cotidal owns of the rest, in the target's words
 */
public record Replica(int id, boolean supplier, boolean account, Details settings) {}
