package io.cotidal.server;

import io.cotidal.server.access.SignIn;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

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
 * @param people who may sign in with a name and a password
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
    Reconfiguration reconfiguration,
    SignIn people) {
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
        Reconfiguration.NONE,
        SignIn.NONE);
  }

  /** Options in the making: every change of one part copies the others here, once. */
  private static final class Draft {
    private final String version;
    private Set<String> hosts;
    private boolean tlsInFront;
    private boolean openMetrics;
    private final Duration sessionLife;
    private int maxConnections;
    private int maxStreams;
    private int maxFailures;
    private final int maxBody;
    private Doctor doctor;
    private List<Intake> intakes;
    private Reconfiguration reconfiguration;
    private SignIn people;

    Draft(ServerOptions from) {
      version = from.version;
      hosts = from.hosts;
      tlsInFront = from.tlsInFront;
      openMetrics = from.openMetrics;
      sessionLife = from.sessionLife;
      maxConnections = from.maxConnections;
      maxStreams = from.maxStreams;
      maxFailures = from.maxFailures;
      maxBody = from.maxBody;
      doctor = from.doctor;
      intakes = from.intakes;
      reconfiguration = from.reconfiguration;
      people = from.people;
    }

    ServerOptions done() {
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
          reconfiguration,
          people);
    }
  }

  private ServerOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /** These options with a doctor. */
  public ServerOptions with(Doctor newDoctor) {
    return changed(draft -> draft.doctor = newDoctor);
  }

  /** These options with what takes uploads in. */
  public ServerOptions with(List<Intake> newIntakes) {
    return changed(draft -> draft.intakes = newIntakes);
  }

  /** These options with what takes up a changed configuration. */
  public ServerOptions with(Reconfiguration newReconfiguration) {
    return changed(draft -> draft.reconfiguration = newReconfiguration);
  }

  /** These options, and people with passwords. */
  public ServerOptions with(SignIn newPeople) {
    return changed(draft -> draft.people = newPeople);
  }

  /** These options, with further names under which the server is reached. */
  public ServerOptions withHosts(Set<String> newHosts) {
    return changed(draft -> draft.hosts = newHosts);
  }

  /** These options, with or without a token for the metrics. */
  public ServerOptions withOpenMetrics(boolean open) {
    return changed(draft -> draft.openMetrics = open);
  }

  /** These options, behind something that ends TLS, or not. */
  public ServerOptions withTlsInFront(boolean there) {
    return changed(draft -> draft.tlsInFront = there);
  }

  /** These options with other limits. */
  public ServerOptions withLimits(int connections, int streams, int failures) {
    return changed(draft -> {
      draft.maxConnections = connections;
      draft.maxStreams = streams;
      draft.maxFailures = failures;
    });
  }
}
