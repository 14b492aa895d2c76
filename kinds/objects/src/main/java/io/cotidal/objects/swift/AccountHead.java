package io.cotidal.objects.swift;

import io.cotidal.remote.http.kept.Headers;

/**
 * What a site says of an account. The counts follow the containers with a delay, or never, if the
 * site's updater does not run.
 *
 * @param headers all, values of which may be secret
 */
public record AccountHead(long containers, long objects, long bytes, Headers headers) {}
