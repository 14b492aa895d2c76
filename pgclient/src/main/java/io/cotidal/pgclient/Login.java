package io.cotidal.pgclient;

import io.cotidal.model.Secret;

/**
 * Where to and as whom.
 *
 * @param host name or address
 * @param application what the server shows for the session
 */
public record Login(
    String host, int port, String database, String user, Secret password, String application) {}
