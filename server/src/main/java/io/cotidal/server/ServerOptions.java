package io.cotidal.server;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How the API server behaves.
 *
 * @param version of the build, for people
 * @param hosts names under which it is reached beside those of the loopback address; lower-case,
 *     without port
 * @param tlsInFront whether something on this host ends TLS before it. Only then may it listen
 *     beyond loopback
 * @param openMetrics whether {@code /metrics} needs no token
 * @param sessionLife how long a browser stays signed in
 * @param maxConnections connections at once
 * @param maxStreams live streams at once
 * @param maxFailures refused requests a minute from one address or token before it is told to wait
 * @param maxBody bytes of a request's body
 * @param doctor finds what is wrong
 * @param intakes take in what actions work on; their routes have limits of their own
 * @param reconfiguration takes up a changed configuration
 */
public record ServerOptions(
    String version,
    Set<String> hosts,
    boolean tlsInFront,
    boolean openMetrics,
    Duration sessionLife,
    int maxConnections,
    int maxStreams,
    int maxFailures,
    int maxBody,
    Doctor doctor,
    List<Intake> intakes,
    Reconfiguration reconfiguration) {
  /** Copies the collections. */
  public ServerOptions {
    hosts = Set.copyOf(hosts);
    intakes = List.copyOf(intakes);
  }

  /** Loopback names only, 12 hours, 256 connections, 64 streams, 60 failures, 1 MiB, no doctor. */
  public static ServerOptions of(String version) {
    return new ServerOptions(
        version,
        Set.of(),
        false,
        false,
        Duration.ofHours(12),
        256,
        64,
        60,
        1024 * 1024,
        Doctor.NONE,
        List.of(),
        Reconfiguration.NONE);
  }

  /** These options with a doctor. */
  public ServerOptions with(Doctor newDoctor) {
    return new ServerOptions(
        version,
        hosts,
        tlsInFront,
        openMetrics,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        newDoctor,
        intakes,
        reconfiguration);
  }

  /** These options with what takes uploads in. */
  public ServerOptions with(List<Intake> newIntakes) {
    return new ServerOptions(
        version,
        hosts,
        tlsInFront,
        openMetrics,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        doctor,
        newIntakes,
        reconfiguration);
  }

  /** These options with what takes up a changed configuration. */
  public ServerOptions with(Reconfiguration newReconfiguration) {
    return new ServerOptions(
        version,
        hosts,
        tlsInFront,
        openMetrics,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        doctor,
        intakes,
        newReconfiguration);
  }

  /** These options, with further names under which the server is reached. */
  public ServerOptions withHosts(Set<String> newHosts) {
    return new ServerOptions(
        version,
        newHosts,
        tlsInFront,
        openMetrics,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        doctor,
        intakes,
        reconfiguration);
  }

  /** These options, with or without a token for the metrics. */
  public ServerOptions withOpenMetrics(boolean open) {
    return new ServerOptions(
        version,
        hosts,
        tlsInFront,
        open,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        doctor,
        intakes,
        reconfiguration);
  }

  /** These options, behind something that ends TLS, or not. */
  public ServerOptions withTlsInFront(boolean there) {
    return new ServerOptions(
        version,
        hosts,
        there,
        openMetrics,
        sessionLife,
        maxConnections,
        maxStreams,
        maxFailures,
        maxBody,
        doctor,
        intakes,
        reconfiguration);
  }

  /** These options with other limits. */
  public ServerOptions withLimits(int connections, int streams, int failures) {
    return new ServerOptions(
        version,
        hosts,
        tlsInFront,
        openMetrics,
        sessionLife,
        connections,
        streams,
        failures,
        maxBody,
        doctor,
        intakes,
        reconfiguration);
  }
}
