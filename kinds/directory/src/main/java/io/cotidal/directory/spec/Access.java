package io.cotidal.directory.spec;

import io.cotidal.model.Secret;

/**
 * How Cotidal logs in to the servers.
 *
 * @param authorities the certificates that are trusted, as PEM text; empty to trust those of the
 *     Java runtime
 * @param bindDn empty for an anonymous bind
 */
public record Access(Security security, String authorities, String bindDn, Secret password) {}
