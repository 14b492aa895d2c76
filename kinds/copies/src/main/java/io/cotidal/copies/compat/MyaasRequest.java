package io.cotidal.copies.compat;

import io.cotidal.model.Permission;

/**
 * A request as the original's clients send it, from a caller who is known by now.
 *
 * @param method in capitals
 * @param path as it came, still percent-encoded, without the query
 * @param query as it came, still percent-encoded; empty if there is none
 * @param type the value of {@code Content-Type}; empty if there is none
 * @param body empty if there is none
 * @param role what the caller may do
 * @param micros wall time at which it came: ages and states are told as of then
 */
public record MyaasRequest(
    String method,
    String path,
    String query,
    String type,
    String body,
    Permission role,
    long micros) {}
