package io.cotidal.postgres.spec;

import io.cotidal.model.Secret;

/**
 * How Cotidal and the replicas log in.
 *
 * @param superuser the role that Cotidal uses
 * @param replicationUser the role that replicas use
 */
public record Access(
    String superuser, Secret password, String replicationUser, Secret replicationPassword) {}
