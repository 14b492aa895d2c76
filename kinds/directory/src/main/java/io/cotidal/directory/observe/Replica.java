package io.cotidal.directory.observe;

import io.cotidal.model.Details;

/**
 * A member's own settings of replication for the suffix.
 *
 * @param id unique among the members, and for ever
 * @param supplier whether it takes writes and keeps a changelog
 * @param account whether the account of the suppliers is there and admitted
 * @param credentials whether that account's password is the configured one
 * @param settings what Cotidal owns of the rest and is not as configured, in the target's words,
 *     with the value that it has; empty if all is well
 */
public record Replica(
    int id, boolean supplier, boolean account, Credentials credentials, Details settings) {}
