package io.cotidal.gateway.wire;

/**
 * What a gateway has done since its start.
 *
 * @param clients connections of clients that are open now
 * @param site connections to sites that are open now
 * @param requests whose heads were read
 * @param received bytes of clients
 * @param sent bytes of the site's answers, given to clients
 * @param refused requests and connections that were not passed on: forbidden, malformed, too many
 * @param siteFailures requests for which the site could not be reached, broke off, said nothing in
 *     time or no HTTP
 * @param retried requests that were sent again because a kept connection had ended
 * @param elsewhere requests that were answered with what other sites have
 */
public record Counters(
    long clients,
    long site,
    long requests,
    long received,
    long sent,
    long refused,
    long siteFailures,
    long retried,
    long elsewhere) {}
